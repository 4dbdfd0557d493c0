/** Names of encodings, and which one the bytes of a file are in. */
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { WorkbenchError } from '../../base/errors.ts';
import type { Guess } from '../types.ts';
import { guessLegacy } from './legacy.ts';
import type { LegacyGuess } from './legacy.ts';

const aliases: Record<string, string> = {
  utf8: 'utf-8',
  utf16: 'utf-16',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  latin1: 'latin-1',
  iso88591: 'latin-1',
  cp1252: 'windows-1252',
  win1252: 'windows-1252',
  windows1252: 'windows-1252',
  ansi: 'windows-1252',
};

/** The name we use for an encoding, however it was written; throws for one that nobody knows. */
export function encodingName(name: string): string {
  const key = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const known = aliases[key];
  if (known) return known;
  const exists: boolean = iconv.encodingExists(name);
  if (exists) return name.toLowerCase();
  throw new WorkbenchError(
    'unknown-encoding',
    `There is no encoding named ${name}.`,
    'Known are utf-8, utf-16, latin-1, windows-1252 and the other names of iconv.',
  );
}

/** Bytes of the byte order mark at the start, by encoding. */
export function byteOrderMark(head: Uint8Array): { encoding: string; length: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (head[0] === 0xff && head[1] === 0xfe && head[2] === 0 && head[3] === 0)
    return { encoding: 'utf-32le', length: 4 };
  if (head[0] === 0 && head[1] === 0 && head[2] === 0xfe && head[3] === 0xff)
    return { encoding: 'utf-32be', length: 4 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return null;
}

/**
 * Encoding of a file from samples of its bytes. Where more bytes are invalid UTF-8 than there are valid characters
 * beyond ASCII, it is a legacy one, `legacy` with its candidates; else it is UTF-8 with broken lines, which are then
 * reported one by one.
 */
export function guessEncoding(
  samples: readonly Uint8Array[],
  whole: boolean,
): Guess<string> & { legacy?: LegacyGuess } {
  const where = whole ? 'in the whole file' : 'in the sampled bytes';
  const mark = byteOrderMark(samples[0] ?? new Uint8Array());
  const guess = (value: string, why: string): Guess<string> => ({ value, why, given: false });
  if (mark) return guess(mark.encoding, 'byte order mark at the start');
  const half = utf16Half(samples[0] ?? new Uint8Array());
  if (half) return guess(half, 'every other byte is zero');
  if (samples.every((sample) => isAscii(sample))) return guess('utf-8', `only ASCII ${where}`);
  let valid = 0;
  let invalid = 0;
  for (const sample of samples) {
    const trimmed = wholeCharacters(sample);
    if (isAscii(trimmed)) continue;
    if (isUtf8(trimmed)) {
      valid++;
      continue;
    }
    const text = Buffer.from(trimmed).toString('utf8');
    for (const character of text) {
      if (character === '\ufffd') invalid++;
      else if (character > '\x7f') valid++;
    }
  }
  if (invalid === 0) return guess('utf-8', `valid UTF-8 ${where}`);
  if (valid > invalid) return guess('utf-8', `UTF-8 with ${invalid} broken bytes ${where}`);
  const legacy = guessLegacy(samples);
  const why = `bytes ${where} that are no UTF-8: ${invalid}; characters that could be: ${valid}`;
  return { ...guess(legacy.encoding, why), legacy };
}

/** UTF-16 without a mark: Latin text has a zero in every other byte. */
function utf16Half(head: Uint8Array): string | null {
  const n = Math.min(head.length, 2000) & ~1;
  if (n < 8) return null;
  let even = 0;
  let odd = 0;
  for (let k = 0; k < n; k += 2) {
    if (head[k] === 0) even++;
    if (head[k + 1] === 0) odd++;
  }
  if (odd > 0.8 * (n / 2) && even === 0) return 'utf-16le';
  if (even > 0.8 * (n / 2) && odd === 0) return 'utf-16be';
  return null;
}

/** The sample without the halves of characters that its cuts left at both ends. */
function wholeCharacters(sample: Uint8Array): Uint8Array {
  let from = 0;
  while (from < Math.min(4, sample.length) && (sample[from] & 0xc0) === 0x80) from++;
  let to = sample.length;
  for (let back = 1; back <= Math.min(4, sample.length); back++) {
    const c = sample[sample.length - back];
    if ((c & 0xc0) === 0x80) continue;
    const needs = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    if (needs > back) to = sample.length - back;
    break;
  }
  return sample.subarray(from, to);
}

export interface Transcoder {
  /** True where bytes are changed: U+FFFD in the result then stands for bytes that could not be read. */
  readonly changes: boolean;
  write(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/** Turns chunks of the encoding into UTF-8 without byte order mark. */
export function transcoder(encoding: string): Transcoder {
  if (encoding === 'utf-8') return utf8Transcoder();
  const decoder = iconv.getDecoder(encoding === 'latin-1' ? 'iso-8859-1' : encoding);
  return {
    changes: true,
    write: (chunk) => Buffer.from(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))),
    end: () => Buffer.from(decoder.end() ?? ''),
  };
}

function utf8Transcoder(): Transcoder {
  let held: Uint8Array | null = new Uint8Array();
  return {
    changes: false,
    write(chunk) {
      if (held === null) return chunk;
      const head: Uint8Array = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (head.length < 3) {
        held = Buffer.from(head);
        return new Uint8Array();
      }
      held = null;
      const mark = byteOrderMark(head);
      return mark?.encoding === 'utf-8' ? head.subarray(mark.length) : head;
    },
    end() {
      const rest = held ?? new Uint8Array();
      held = null;
      return rest;
    },
  };
}

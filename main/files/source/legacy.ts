/** Which encoding text is in that is no UTF-8: by chardet's statistics, with the next candidates beside the guess. */
import { isAscii } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';

const LF = 10;
/** Bytes of lines beyond ASCII that are looked at. */
const ENOUGH = 64 << 10;

/** A superset that decodes the same letters, or what chardet's name stands for in practice. */
const practical: Record<string, string> = {
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-8': 'windows-1255',
};
/** Western letters: what a few accents among ASCII are mostly in. */
const western = 'windows-1252';
/** Latin alphabets whose letters Windows-1252 shows as others; believed only where the statistics say so clearly. */
const otherLatin = /^(iso-8859-(2|3|4|10|13|14|15|16)|windows-12(50|54|57|58))$/;
const CLEARLY = 5;
/** Bytes beyond ASCII below which no statistics are to be had: one accent or stray byte is taken for a western letter. */
const FEW_BYTES = 4;

export interface LegacyGuess {
  encoding: string;
  /** How sure chardet is of the encoding, 0 … 100. */
  confidence: number;
  /** Lines beyond ASCII in the sample. */
  lines: number;
  /** The first such line, decoded. */
  example: string;
  /** Next candidates, likeliest first. */
  others: string[];
}

export function guessLegacy(samples: readonly Uint8Array[]): LegacyGuess {
  const lines: Buffer[] = [];
  let size = 0;
  let count = 0;
  for (const sample of samples) {
    for (let at = 0; at < sample.length;) {
      const found = sample.indexOf(LF, at);
      const end = found < 0 ? sample.length : found + 1;
      const line = sample.subarray(at, end);
      at = end;
      if (isAscii(line)) continue;
      count++;
      if (size > ENOUGH) continue;
      lines.push(Buffer.from(line));
      size += line.length;
    }
  }
  const text = Buffer.concat(lines);
  const ranked = candidates(text);
  const best = ranked[0] ?? { encoding: western, confidence: 0 };
  return {
    ...best,
    lines: count,
    example: iconv
      .decode(lines[0] ?? text, best.encoding)
      .trim()
      .slice(0, 80),
    others: alternatives(ranked, text),
  };
}

interface Candidate {
  encoding: string;
  confidence: number;
}

/** Encodings that the statistics do not know or take for another; asked where what they say makes no words. */
const others = [
  ...['windows-1250', 'windows-1251', 'windows-1253', 'windows-1254', 'windows-1255', 'iso-8859-2', 'koi8-r'],
  ...['macintosh', 'maccyrillic', 'cp850', 'cp866', 'shift_jis', 'big5', 'gb18030', 'euc-kr', 'euc-jp'],
];
/** Share of letters that stand where none can, above which other encodings are asked, and by which one is better. */
const doubtful = 0.05;

const latin = /[A-Za-z\u00c0-\u024f]/;
const eastern = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]/;

/** Whether a character beyond ASCII stands where none does in words of any language. */
function isOutOfPlace(before: string, c: string, after: string): boolean {
  if (/[\u0080-\u009f\ue000-\uf8ff]/.test(c)) return true;
  const inWord = /\p{L}/u.test(before) && /\p{L}/u.test(after);
  if (inWord && /[\p{S}\p{P}]/u.test(c) && !/[’‘‐–·・ー]/.test(c)) return true;
  if (/\p{Lu}/u.test(c) && /\p{Ll}/u.test(before)) return true;
  // One sign of a language without spaces in the midst of letters.
  return (
    eastern.test(c) &&
    ((latin.test(before) && !eastern.test(after)) || (latin.test(after) && !eastern.test(before)))
  );
}

/** What text is mostly in that statistics say little of; named beside a guess that may be wrong. */
const usual = [western, 'windows-1251', 'windows-1250'];
/** Confidence below which a guess may be wrong. */
const SURE = 50;

/** The next two candidates; beside a doubtful guess also the usual encodings that decode every byte. */
function alternatives([best, ...next]: readonly Candidate[], text: Buffer): string[] {
  const likely = next.slice(0, 2).map(({ encoding }) => encoding);
  if (!best || best.confidence >= SURE) return likely;
  const more = usual.filter(
    (encoding) => encoding !== best.encoding && !iconv.decode(text, encoding).includes('\ufffd'),
  );
  return [...new Set([...likely, ...more])];
}

/** Share of the characters beyond ASCII that stand where none can. */
export function outOfPlace(text: string): number {
  const characters = [...text];
  let [beyond, wrong] = [0, 0];
  for (const [k, c] of characters.entries()) {
    if (c <= '\x7f') continue;
    beyond++;
    if (isOutOfPlace(characters[k - 1] ?? '', c, characters[k + 1] ?? '')) wrong++;
  }
  return beyond === 0 ? 0 : wrong / beyond;
}

/** By the statistics; where what they say makes no words, by the words that others make. */
function candidates(text: Buffer): Candidate[] {
  const ranked = byStatistics(text);
  const share = (encoding: string): number => outOfPlace(iconv.decode(text, encoding));
  const [first] = ranked;
  if (!first || share(first.encoding) <= doubtful) return ranked;
  const known = new Set(ranked.map(({ encoding }) => encoding));
  const more = others
    .filter((encoding) => !known.has(encoding) && !iconv.decode(text, encoding).includes('\ufffd'))
    .map((encoding) => ({ encoding, confidence: 1 }));
  return [...ranked, ...more]
    .map((candidate) => ({ candidate, steps: Math.round(share(candidate.encoding) / doubtful) }))
    .sort((a, b) => a.steps - b.steps)
    .map(({ candidate }) => candidate);
}

/** Those that decode every byte, likeliest first. */
function byStatistics(text: Buffer): Candidate[] {
  const found = new Map<string, number>();
  for (const { name, confidence } of analyse(text)) {
    const lower = name.toLowerCase();
    const encoding = practical[lower] ?? lower;
    if (lower.startsWith('utf-') || lower === 'ascii' || !iconv.encodingExists(encoding)) continue;
    found.set(encoding, Math.max(confidence, found.get(encoding) ?? 0));
  }
  if (!found.has(western)) found.set(western, 1);
  const few = text.reduce((count, byte) => count + Number(byte > 0x7f), 0) < FEW_BYTES;
  const rank = ({ encoding, confidence }: Candidate): number => {
    if (few && encoding === western) return Infinity;
    return otherLatin.test(encoding) ? confidence - CLEARLY : confidence;
  };
  return [...found]
    .map(([encoding, confidence]) => ({ encoding, confidence }))
    .filter(({ encoding }) => !iconv.decode(text, encoding).includes('\ufffd'))
    .sort((a, b) => rank(b) - rank(a));
}

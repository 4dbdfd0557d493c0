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

export interface LegacyGuess {
  encoding: string;
  /** 0 … 100, as chardet has it. */
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
    others: ranked.slice(1, 3).map(({ encoding }) => encoding),
  };
}

interface Candidate {
  encoding: string;
  confidence: number;
}

/** Those that decode every byte, likeliest first. */
function candidates(text: Buffer): Candidate[] {
  const found = new Map<string, number>();
  for (const { name, confidence } of analyse(text)) {
    const lower = name.toLowerCase();
    const encoding = practical[lower] ?? lower;
    if (lower.startsWith('utf-') || lower === 'ascii' || !iconv.encodingExists(encoding)) continue;
    found.set(encoding, Math.max(confidence, found.get(encoding) ?? 0));
  }
  if (!found.has(western)) found.set(western, 1);
  const rank = ({ encoding, confidence }: Candidate): number =>
    otherLatin.test(encoding) ? confidence - CLEARLY : confidence;
  return [...found]
    .map(([encoding, confidence]) => ({ encoding, confidence }))
    .filter(({ encoding }) => !iconv.decode(text, encoding).includes('\ufffd'))
    .sort((a, b) => rank(b) - rank(a));
}

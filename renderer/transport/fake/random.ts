/** Figures of the fake that depend on a text alone. */
import { seeded } from '../../lib/random.ts';

/** A number in [0, 1) that depends on the text alone. */
export function hashed(text: string): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return seeded(hash)();
}

/** Hexadecimal that depends on the text alone. */
export function fingerprintOf(text: string): string {
  return Array.from({ length: 4 }, (_, part) =>
    Math.floor(hashed(`${text}${part}`) * 65536)
      .toString(16)
      .padStart(4, '0'),
  ).join('');
}

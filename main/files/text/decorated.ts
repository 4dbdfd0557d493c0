/** Ratings with something around the number: 4/5, 4.5 stars, 3 out of 5, 80 %, ★★★★☆, digits of other scripts. */

/** What most ratings of a column have around their numbers. */
export interface Decoration {
  /** The number after the stroke or the words "out of", the same in all of them; null: none stands there. */
  readonly of: number | null;
}

const unit = String.raw`(?:\s*-?\s*(?:stars?|points?|pts?\.?|sternen?|étoiles?|estrellas?|stelle|sterren|%|★|⭐️?))?`;
const written = new RegExp(
  String.raw`^([+-]?\d+(?:[.,]\d+)?)${unit}(?:\s*(?:/|of|out\s+of|von|sur|de)\s*(\d+(?:[.,]\d+)?)${unit})?$`,
  'iu',
);
const glyphs = /^([★⭐✭✮]️?|\*){0,10}½?[☆✩]{0,10}$/u;

/** Digits of other scripts as ASCII ones; full-width forms as plain ones. */
function plain(text: string): string {
  const folded = text.normalize('NFKC').trim();
  return folded.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // The digits of each script stand in order, from 0 on.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return code < 128 ? digit : String((code - zero) % 10);
  });
}

export interface Decorated extends Decoration {
  readonly value: number;
}

/** The number of a decorated rating; null where it is none. */
export function readDecorated(text: string): Decorated | null {
  // Compatibility normalisation would turn ½ into 1⁄2, which reads as another number.
  const stars = text.trim();
  if (stars !== '' && glyphs.test(stars)) {
    const filled = [...stars.replaceAll('️', '')].filter((c) => !'½☆✩'.includes(c)).length;
    return { value: filled + (stars.includes('½') ? 0.5 : 0), of: null };
  }
  const m = written.exec(plain(text));
  if (!m) return null;
  const number = (part: string): number => Number(part.replace(',', '.'));
  return { value: number(m[1]), of: m[2] === undefined ? null : number(m[2]) };
}

/** What the values have around their numbers; null where few of them are such, or the scales differ. */
export function guessDecoration(values: readonly string[]): Decoration | null {
  const filled = values.map((value) => value.trim()).filter((value) => value !== '');
  const read = filled.map(readDecorated);
  const scales = new Set(read.flatMap((each) => (each ? [each.of] : [])));
  const bare = filled.filter((value) => /^[+-]?\d*[.,]?\d*(e[+-]?\d+)?$/i.test(value)).length;
  const found = read.filter((each) => each !== null).length;
  if (found - bare < filled.length * 0.9 || scales.size !== 1) return null;
  return { of: [...scales][0] };
}

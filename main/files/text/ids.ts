/**
 * The one rule by which an id is read, in ratings and lists of items alike: without blanks around it, and without the
 * `="…"` that keeps a spreadsheet from turning it into a number. Everything else is the id, as text.
 */
const EQUALS = 61;
const QUOTE = 34;

/** Where an id begins and ends; one object serves many ids. */
export interface IdBounds {
  from: number;
  to: number;
}

/** [256] 1 for bytes that a blank, or `=`, may begin with; and for bytes that a blank, or a quote, may end with. */
const first = new Uint8Array(256);
const last = new Uint8Array(256);
for (let c = 0; c <= 32; c++) first[c] = last[c] = 1;
for (const c of [EQUALS, 0xc2, 0xe2, 0xe3, 0xef]) first[c] = 1;
for (const c of [QUOTE, 0x85, 0x9f, 0xa0, 0xaf, 0xbf]) last[c] = 1;
for (let c = 0x80; c <= 0x8b; c++) last[c] = 1;

/** Whether bytes [from, to) deserve a closer look: false means that they are the id as they stand. */
export function mayTrim(buf: Uint8Array, from: number, to: number): boolean {
  return from === to || (first[buf[from]] | last[buf[to - 1]]) !== 0;
}

/** Sets the bounds to what is left of bytes [from, to); nothing may be. */
export function trimBounds(bounds: IdBounds, buf: Uint8Array, from: number, to: number): void {
  skipBlanks(bounds, buf, from, to);
  const { from: p, to: q } = bounds;
  if (q - p >= 3 && buf[p] === EQUALS && buf[p + 1] === QUOTE && buf[q - 1] === QUOTE)
    skipBlanks(bounds, buf, p + 2, q - 1);
}

function skipBlanks(bounds: IdBounds, buf: Uint8Array, from: number, to: number): void {
  let p = from;
  let q = to;
  for (let n = 1; n > 0 && p < q; p += n) n = blankAt(buf, p, q);
  for (let n = 1; n > 0 && p < q; q -= n) n = blankBefore(buf, p, q);
  bounds.from = p;
  bounds.to = q;
}

/** Length in bytes of the blank character at `p`; 0: none. No-break, zero-width and full-width ones are blanks too. */
function blankAt(buf: Uint8Array, p: number, to: number): number {
  const c = buf[p];
  if (c === 32 || (c >= 9 && c <= 13)) return 1;
  if (c === 0xc2 && p + 1 < to) return buf[p + 1] === 0xa0 || buf[p + 1] === 0x85 ? 2 : 0;
  if (p + 2 >= to) return 0;
  const d = buf[p + 1];
  const e = buf[p + 2];
  if (c === 0xe2 && d === 0x80) return (e >= 0x80 && e <= 0x8b) || e === 0xaf ? 3 : 0;
  const others = (c === 0xe2 && d === 0x81 && e === 0x9f) || (c === 0xe3 && d === 0x80 && e === 0x80);
  return others || (c === 0xef && d === 0xbb && e === 0xbf) ? 3 : 0;
}

function blankBefore(buf: Uint8Array, from: number, q: number): number {
  for (let n = 1; n <= 3 && q - n >= from; n++) if (blankAt(buf, q - n, q) === n) return n;
  return 0;
}

const scratch: IdBounds = { from: 0, to: 0 };

/** Whether nothing is left of bytes [from, to). */
export function isEmptyId(buf: Uint8Array, from: number, to: number): boolean {
  if (!mayTrim(buf, from, to)) return false;
  trimBounds(scratch, buf, from, to);
  return scratch.from === scratch.to;
}

const encoder = new TextEncoder();

/** The same rule for an id that is a string. */
export function trimId(text: string): string {
  const bytes = encoder.encode(text);
  if (!mayTrim(bytes, 0, bytes.length)) return text;
  trimBounds(scratch, bytes, 0, bytes.length);
  const { from, to } = scratch;
  return from === 0 && to === bytes.length ? text : Buffer.from(bytes.subarray(from, to)).toString('utf8');
}

/**
 * Lines that stand each in one pair of quotes (`"u1,i1,5"`), as some programs write a table into a single column: the
 * pair is taken off, doubled quotes inside become single ones, and what is left is the line. Other lines stay as they
 * are. Line ends stay too, so that lines keep their numbers.
 */
const LF = 10;
const CR = 13;
const QUOTE = 34;
/** A longer line goes through as it is, in pieces. */
const LONGEST = 4 << 20;

export class Unwrapper {
  /** Lines that were unwrapped. */
  lines = 0;
  private held: Uint8Array = new Uint8Array(0);

  /** The bytes of all lines that are whole; the rest is held back. */
  write(chunk: Uint8Array): Uint8Array {
    return this.take(this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]), false);
  }

  end(): Uint8Array {
    return this.take(this.held, true);
  }

  private take(bytes: Uint8Array, final: boolean): Uint8Array {
    const out = new Uint8Array(bytes.length);
    let size = 0;
    let at = 0;
    while (at < bytes.length) {
      const stop = lineEnd(bytes, at);
      if (stop === bytes.length && !final && stop - at < LONGEST) break;
      if (isPair(bytes, at, stop)) {
        this.lines++;
        for (let p = at + 1; p < stop - 1; p++) {
          out[size++] = bytes[p];
          if (bytes[p] === QUOTE) p++;
        }
      } else {
        out.set(bytes.subarray(at, stop), size);
        size += stop - at;
      }
      at = stop;
      while (at < bytes.length && (bytes[at] === LF || bytes[at] === CR)) out[size++] = bytes[at++];
    }
    this.held = Uint8Array.from(bytes.subarray(at));
    return out.subarray(0, size);
  }
}

/** Whether bytes [from, to) are one pair of quotes, and all quotes within it doubled. */
function isPair(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 2 || bytes[from] !== QUOTE || bytes[to - 1] !== QUOTE) return false;
  for (let p = from + 1; p < to - 1; p++) {
    if (bytes[p] !== QUOTE) continue;
    if (p + 1 === to - 1 || bytes[p + 1] !== QUOTE) return false;
    p++;
  }
  return true;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  let p = from;
  while (p < bytes.length && bytes[p] !== LF && bytes[p] !== CR) p++;
  return p;
}

/** The bytes with every wrapped line unwrapped. */
export function unwrapped(bytes: Uint8Array): Uint8Array {
  const unwrapper = new Unwrapper();
  return Buffer.concat([unwrapper.write(bytes), unwrapper.end()]);
}

/** Whether most lines of the text after the first are wrapped, and hold what separates fields. */
export function isWrapped(text: string): boolean {
  const lines = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .slice(1);
  const wrapped = lines.filter((line) => /^"(?:[^"]|"")*"$/.test(line) && /[,;\t|]/.test(line));
  return lines.length > 0 && wrapped.length * 2 > lines.length;
}

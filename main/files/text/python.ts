/** Records as Python prints them: `{'user': u'a', 'liked': True, 'time': None}`. */

/** Deepest nesting that is read: records of ratings are not nested deeper. */
const DEEPEST = 64;

/** Whether a text begins like a Python dict rather than a JSON object. */
export const looksLikePython = (text: string): boolean => /^\s*\{\s*[uUrRbB]?'/.test(text);

/** The value; whole numbers beyond 2^53 as text, since they are ids. @throws SyntaxError where it is no literal */
export function parsePython(text: string): unknown {
  const parser = new Literals(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

const words: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  nan: null,
  true: true,
  false: false,
  null: null,
};
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

class Literals {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.blanks();
    if (this.at < this.text.length) this.fail();
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) this.fail();
    this.blanks();
    const opening = this.text[this.at];
    if (opening === '{') return this.dict(depth);
    if (opening === '[') return this.list(']', depth);
    if (opening === '(') return this.list(')', depth);
    if (this.match(/[uUrRbB]{0,2}(?=['"])/y) !== null) return this.string();
    const number = this.match(/[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(?=[lL\s,:\]})]|$)/y);
    if (number !== null) {
      this.match(/[lL]/y);
      const value = Number(number);
      return /^[+-]?\d+$/.test(number) && !Number.isSafeInteger(value) ? number : value;
    }
    const word = this.match(/[A-Za-z]+/y);
    if (word === null || !(word in words)) return this.fail();
    return words[word];
  }

  private dict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.at++;
    while (!this.closes('}', entries.length > 0)) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' && typeof key !== 'number') this.fail();
      this.blanks();
      if (this.text[this.at++] !== ':') this.fail();
      entries.push([String(key), this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  private list(close: ']' | ')', depth: number): unknown[] {
    const values: unknown[] = [];
    this.at++;
    while (!this.closes(close, values.length > 0)) values.push(this.value(depth + 1));
    return values;
  }

  /** Moves past the comma before a further element, or past the end of them; a comma may stand before the end too. */
  private closes(close: string, further: boolean): boolean {
    this.blanks();
    if (further && this.text[this.at] !== close && this.text[this.at++] !== ',') this.fail();
    this.blanks();
    if (this.text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  private string(): string {
    const quote = this.text[this.at++];
    let value = '';
    for (;;) {
      const plain = this.match(quote === "'" ? /[^'\\]*/y : /[^"\\]*/y) ?? '';
      value += plain;
      const next = this.text[this.at++];
      if (next === undefined) return this.fail();
      if (next === quote) return value;
      value += this.escape();
    }
  }

  private escape(): string {
    const code = this.match(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (code !== null) {
      const point = Number.parseInt(code.slice(1), 16);
      return point > 0x10ffff ? this.fail() : String.fromCodePoint(point);
    }
    const letter = this.text[this.at++] ?? this.fail();
    return escapes[letter] ?? (/['"\\]/.test(letter) ? letter : `\\${letter}`);
  }

  private blanks(): void {
    this.match(/\s*/y);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  private fail(): never {
    throw new SyntaxError(`No Python literal at ${this.at}`);
  }
}

/** Ratings that are no plain numbers: grouped thousands, and words for values. Asked only where a number was not found. */
import type { RatingBuilder } from '../rating-builder.ts';
import { type Decoration, readDecorated } from '../text/decorated.ts';
import type { Plan } from '../sniff/plan.ts';

export class RareValues {
  private readonly builder: RatingBuilder;
  private readonly words: ReadonlyMap<string, number>;
  private readonly grouped: RegExp | null;
  private readonly decimal: string;
  private readonly decoration: Decoration | null;

  /** Null where every rating of the plan is a plain number. */
  static of(plan: Plan, builder: RatingBuilder): RareValues | null {
    return plan.ratingWords || plan.decoration || plan.thousands !== ''
      ? new RareValues(plan, builder)
      : null;
  }

  private constructor({ ratingWords, thousands, decimal, decoration }: Plan, builder: RatingBuilder) {
    this.builder = builder;
    this.decoration = decoration;
    this.words = new Map(
      Object.entries(ratingWords ?? {}).map(([word, value]) => [word.trim().toLowerCase(), value]),
    );
    this.grouped = thousands === '' ? null : groupedPattern(thousands, decimal);
    this.decimal = decimal;
  }

  /** The value of a text that is no number by itself; NaN where it has none. Counts what it took for what. */
  read(text: string): number {
    const plain = text.trim();
    const word = this.words.get(plain.toLowerCase());
    if (word !== undefined) {
      this.builder.count(`word ${plain.toLowerCase()}`);
      return word;
    }
    if (this.decoration) {
      const decorated = readDecorated(plain);
      if (decorated?.of !== this.decoration.of) return NaN;
      this.builder.count('decorated');
      return decorated.value;
    }
    if (!this.grouped?.test(plain)) return NaN;
    this.builder.count('grouped');
    const digits = plain.replaceAll(this.decimal === ',' ? /[^\d,+-]/g : /[^\d.+-]/g, '');
    return Number(digits.replace(',', '.'));
  }
}

function groupedPattern(thousands: string, decimal: string): RegExp {
  const between = { ',': ',', '.': '\\.', ' ': '[ \\u00a0\\u202f]', "'": "['’]" }[thousands] ?? thousands;
  return new RegExp(`^[+-]?\\d{1,3}(?:${between}\\d{2,3})*${between}\\d{3}(?:\\${decimal}\\d+)?$`);
}

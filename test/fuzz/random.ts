import { uniform } from '../../main/files/derive.ts';

/** Choices that a seed decides. */
export class Chance {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = uniform(seed * 7919 + 13);
    for (let k = 0; k < 5; k++) this.next();
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.next() * 100 < share;
  }
}

import type { Pair } from '../../shared/compare.ts';

/** The test tells the runs apart, and to the side of the difference that the mark stands at. */
export const isMarked = ({ adjusted, rankSign, difference }: Pair): boolean =>
  adjusted < 0.05 && rankSign === Math.sign(difference);

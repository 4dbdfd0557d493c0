/** Many models in one order, with those that cannot be told apart (Demšar, Statistical comparisons of classifiers, JMLR 2006). */

export interface Standing {
  readonly id: string;
  /** 1 for the best; equal values share the better rank. */
  readonly rank: number;
  /** It does not differ from the best beyond chance (the best does not differ from itself). */
  readonly tiedWithBest: boolean;
}

export interface Standings {
  /** The best first; equal values in the order given. */
  readonly order: readonly Standing[];
  /** The longest stretches of the order of which no two differ beyond chance, two models or more: the bars of a diagram. */
  readonly bars: readonly (readonly string[])[];
}

/**
 * @param direction 1: higher is better, −1: lower
 * @param differ whether two models differ beyond chance, after the correction for all pairs (Holm)
 */
export function standings(
  models: readonly { readonly id: string; readonly value: number }[],
  direction: 1 | -1,
  differ: (a: string, b: string) => boolean,
): Standings {
  const sorted = [...models].sort((a, b) => direction * (b.value - a.value));
  const order = sorted.map(({ id, value }, k): Standing => {
    const rank = 1 + sorted.findIndex((other) => other.value === value);
    return { id, rank, tiedWithBest: k === 0 || !differ(sorted[0].id, id) };
  });
  const bars: string[][] = [];
  let reached = 0;
  for (let from = 0; from < sorted.length; from++) {
    let to = from + 1;
    const fits = (next: string): boolean => sorted.slice(from, to).every(({ id }) => !differ(id, next));
    while (to < sorted.length && fits(sorted[to].id)) to++;
    if (to > reached && to - from > 1) bars.push(sorted.slice(from, to).map(({ id }) => id));
    reached = Math.max(reached, to);
  }
  return { order, bars };
}

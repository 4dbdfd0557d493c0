/** What the engine took for what, as the steps of the wizard show it. */
import type { Interpretation } from '../../shared/imports.ts';

const weights: readonly Interpretation['weight'][] = ['asked', 'doubted', 'told'];

/** What is to be decided first, then what is doubtful; of each the most rows first. */
export function inOrder(list: readonly Interpretation[]): Interpretation[] {
  const rank = ({ weight }: Interpretation): number => weights.indexOf(weight);
  return list.toSorted((a, b) => rank(a) - rank(b) || b.rows - a.rows);
}

/** Those that a person should look at. */
export function doubtsOf(interpretations: readonly Interpretation[] = []): Interpretation[] {
  return interpretations.filter(({ weight }) => weight !== 'told');
}

/** The outcome of a tournament in plain words. Says "cannot be told apart", never "no difference". */
import type { Pair } from '../../../shared/compare.ts';
import { metricDirection, metricTitle } from '../../../shared/metrics/registry.ts';
import { points } from './verdict.ts';

export interface Ranked {
  readonly id: string;
  readonly title: string;
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
  readonly tiedWithBest: boolean;
  /** Of training one of its runs. */
  readonly seconds: number;
}

/** @param ranked the best first */
export function rankingSentence(
  ranked: readonly Ranked[],
  pairs: readonly Pair[],
  { metric, dataset, missing }: { metric: string; dataset: string; missing: readonly string[] },
): string {
  const left = missing.length > 0 ? ` ${listed(missing)} came to no test in the time there was.` : '';
  const [best, second] = ranked;
  if (!best) return `No model came to a test on ${dataset}.${left}`;
  const figure = `${metricTitle(metric)} ${points(best.mean)}${best.interval ? ` ${span(best.interval)}` : ''}`;
  if (!second) return `${best.title} alone was tested on ${dataset}: ${figure}.${left}`;
  const tied = ranked.filter((one) => one !== best && one.tiedWithBest);
  if (tied.length === 0) {
    const pair = pairs.find(({ a, b }) => [a, b].includes(best.id) && [a, b].includes(second.id));
    return `${best.title} is the best of ${ranked.length} models on ${dataset}: ${figure}, ${ahead(best, pair)} of ${second.title}, more than chance explains.${left}`;
  }
  const quickest = [best, ...tied].reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const others = ranked.length - 1 - tied.length;
  const rest =
    others === 0
      ? ''
      : ` The other ${others === 1 ? 'one is' : `${others} are`} behind by more than chance explains.`;
  const first = metricDirection(metric) > 0 ? 'highest' : 'lowest';
  return (
    `${best.title} has the ${first} ${figure} on ${dataset}, and ${listed(tied.map(({ title }) => title))} cannot be told ` +
    `apart from it: choose among ${tied.length === 1 ? 'the two' : 'these'} by other things; ${quickest.title} is the ` +
    `quickest to train.${rest}${left}`
  );
}

function ahead(best: Ranked, pair: Pair | undefined): string {
  if (!pair) return 'ahead';
  const sign = pair.a === best.id ? -1 : 1;
  const ends = pair.interval.map((end) => Math.abs(end)).sort((a, b) => a - b) as [number, number];
  return `${points(Math.abs(sign * pair.difference))} ${span(ends)} ahead`;
}

const span = ([low, high]: readonly [number, number]): string => `[${points(low)}, ${points(high)}]`;

/** "A", "A and B", "A, B and C". */
function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

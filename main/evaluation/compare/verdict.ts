/** The sentence that a comparison comes to. Says "cannot be told apart", never "no difference". */
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import { metricDirection, metricTitle } from '../../../shared/metrics/registry.ts';
import { Z95 } from '../../numeric/normal.ts';

/** Level of significance, after Holm. */
export const SIGNIFICANT = 0.05;

export interface VerdictFacts {
  /** The verdict's pair, and all pairs of its metric. */
  readonly pair: Pair;
  readonly pairs: number;
  readonly label: (run: string) => string;
  /** Standard deviation over seeds. */
  readonly seedNoise: number | null;
  readonly smallestInteresting: number | null;
  /** The two runs differ by nothing but their seed. */
  readonly seedsOnly: boolean;
  /** Neither model draws anything at random: no seed gives other figures. */
  readonly seedless: boolean;
  /** The pair's interval covers seeds too. */
  readonly groups: boolean;
  /** Runs or groups of the pair that have one seed of a model that draws at random. */
  readonly oneSeed: readonly string[];
  /** Other pairs of the metric that cannot be told apart. */
  readonly undecided: readonly Pair[];
  /** All that are compared, the best first. */
  readonly ranking: CompareResult['ranking']['order'];
  /** Those of them that are baselines. */
  readonly baselines: readonly string[];
}

/** Whether a pair differs beyond chance: after Holm and by its interval, ranks and mean to the same side. */
export function isSignificant(pair: Pair): boolean {
  return ranksDiffer(pair) && leavesZeroOut(pair) && pair.rankSign === Math.sign(pair.difference);
}

const ranksDiffer = ({ adjusted }: Pair): boolean => adjusted < SIGNIFICANT;
const leavesZeroOut = ({ interval: [low, high] }: Pair): boolean => low > 0 || high < 0;

/** How far two runs that differ only by seed lie apart at most, in 95 of 100 cases. */
export function seedMargin(deviation: number): number {
  return Z95 * Math.SQRT2 * deviation;
}

export function verdict(facts: VerdictFacts): CompareResult['verdict'] {
  const { pair, label } = facts;
  const metric = metricTitle(pair.metric);
  const bWins = pair.difference * metricDirection(pair.metric) >= 0;
  const [winner, loser] = bWins ? [pair.b, pair.a] : [pair.a, pair.b];
  const sign = bWins ? 1 : -1;
  const [low, high] = bWins ? pair.interval : [-pair.interval[1], -pair.interval[0]];
  const figures = `${signed(sign * pair.difference)} ${metric} [${points(low)}, ${points(high)}]`;
  const decided = isSignificant(pair);
  const headline = decided
    ? `${label(winner)} beats ${label(loser)} by ${figures}${against(facts)}.`
    : `${label(winner)} and ${label(loser)} cannot be told apart: ${figures}.${hope(facts)}`;

  const [better, worse] = bWins ? [pair.better, pair.worse] : [pair.worse, pair.better];
  const detail = [
    `${label(winner)} is better for ${percent(better)}, the same for ${percent(pair.same)}, worse for ${percent(worse)} of the users.`,
    ...(decided ? [] : whyOpen(facts)),
    ...baselineSentence(facts, winner, loser),
    ...seedSentence(facts),
    ...(facts.seedsOnly ? ['The two runs differ by their seed alone: this difference is seed noise.'] : []),
    ...othersSentence(facts),
  ].join(' ');
  const method = [
    `${pair.users.toLocaleString('en')} users paired`,
    pair.method,
    ...(facts.pairs > 1 ? [`Holm over ${facts.pairs} pairs`] : []),
    probability(pair.adjusted),
    ...(pair.usersAlone
      ? [`users alone: ${pair.usersAlone.method} ${probability(pair.usersAlone.pValue)}`]
      : []),
  ].join(', ');
  return { headline, detail, method: `${method}.` };
}

/** What may settle what is open: nothing where every user has the same value, or no seed changes one. */
function hope({ pair, seedsOnly, seedless }: VerdictFacts): string {
  if (pair.same === 1) return ' Every user has the same value in both.';
  return seedsOnly || seedless ? '' : ' More seeds may settle it.';
}

/** Why it is left open where the interval or the test alone would not leave it so. */
function whyOpen({ pair, pairs }: VerdictFacts): string[] {
  if (!leavesZeroOut(pair) && !ranksDiffer(pair)) return [];
  if (holmDecides(pair))
    return [
      `The interval leaves 0 out, but Holm's correction for ${pairs} pairs decides: ${probability(pair.adjusted)}.`,
    ];
  return ["The interval of the mean and Wilcoxon's test of the ranks do not agree, so it is left open."];
}

/** The pair would differ if it were the only one. */
const holmDecides = (pair: Pair): boolean =>
  leavesZeroOut(pair) && pair.pValue < SIGNIFICANT && !ranksDiffer(pair);

/** Two baselines in front of trained models are never pitted without a word. */
function baselineSentence(
  { ranking, baselines, label }: VerdictFacts,
  winner: string,
  loser: string,
): string[] {
  if (!baselines.includes(winner) || !baselines.includes(loser)) return [];
  const trained = ranking.find(({ run }) => !baselines.includes(run));
  return trained
    ? [
        `Both are baselines: the best of the trained models is ${label(trained.run)}, number ${trained.rank} of ${ranking.length}.`,
      ]
    : [];
}

/** What is not known where a model was trained with one seed. */
function seedSentence({ groups, oneSeed, seedNoise, seedsOnly, label }: VerdictFacts): string[] {
  if (seedsOnly || oneSeed.length === 0 || (!groups && seedNoise !== null)) return [];
  const were = oneSeed.length > 1 ? 'were trained with one seed each' : 'was trained with one seed';
  return [`Seed noise is unknown: ${oneSeed.map(label).join(' and ')} ${were}.`];
}

/**
 * How the difference stands to seed noise, which models without a seed have none of, and to what is of interest. An
 * interval of groups has the noise of their seeds in it.
 */
function against({ pair, seedNoise, seedless, groups, oneSeed, smallestInteresting }: VerdictFacts): string {
  const size = Math.abs(pair.difference);
  const covered = groups && oneSeed.length === 0;
  const alone = seedless || seedNoise === null ? null : seedMargin(seedNoise);
  const margin = groups ? (covered ? 0 : null) : alone;
  const noise = margin === null ? null : covered ? 'seed noise' : `seed noise (± ${points(margin)})`;
  const smallest = smallestInteresting
    ? `your smallest interesting difference (${points(smallestInteresting)})`
    : null;
  const overNoise = margin !== null && size > margin;
  const overSmallest = smallestInteresting !== null && size >= smallestInteresting;
  const more = [...(noise && overNoise ? [noise] : []), ...(smallest && overSmallest ? [smallest] : [])];
  return [
    ...(more.length > 0 ? [`, more than ${more.join(' and ')}`] : []),
    ...(noise && !overNoise ? [`${more.length > 0 ? ' but' : ','} within ${noise}`] : []),
    ...(smallest && !overSmallest ? [`, below ${smallest}`] : []),
  ].join('');
}

/** Up to three runs: the pairs that are open. More: who is tied with the best, since a ranking shows the rest. */
function othersSentence({ pair, undecided, ranking, label }: VerdictFacts): string[] {
  if (ranking.length > 3) {
    const tied = ranking.filter(({ tiedWithBest }) => tiedWithBest);
    if (tied.length < 2)
      return [`${label(tied[0].run)} is better than each of the other ${ranking.length - 1}.`];
    const names = tied.slice(0, 4).map(({ run }) => label(run));
    const more = tied.length > 4 ? ` and ${tied.length - 4} more` : '';
    return [`${tied.length} of ${ranking.length} are tied for first: ${names.join(', ')}${more}.`];
  }
  if (undecided.length === 0) return [];
  const direction = metricDirection(pair.metric);
  const shown = undecided.map((open) => {
    const turned = open.difference * direction >= 0;
    const [first, second] = turned ? [open.b, open.a] : [open.a, open.b];
    const [low, high] = turned ? open.interval : [-open.interval[1], -open.interval[0]];
    const by = holmDecides(open) ? " after Holm's correction" : '';
    const difference = signed(turned ? open.difference : -open.difference);
    return `${label(first)} and ${label(second)} cannot be told apart${by}: ${difference} [${points(low)}, ${points(high)}].`;
  });
  return shown;
}

/** Four decimals, no zero before the point, a true minus sign: .0063, −.0004, 1.2500. */
export function points(value: number): string {
  const text = Math.abs(value).toFixed(4).replace(/^0\./, '.');
  return value < 0 && Number(value.toFixed(4)) !== 0 ? `−${text}` : text;
}

export function signed(value: number): string {
  return value < 0 ? points(value) : `+${points(value)}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function probability(p: number): string {
  return p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3).replace(/^0\./, '.')}`;
}

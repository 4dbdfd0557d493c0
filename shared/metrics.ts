/** Every metric: what it means, shown beside its value. Keys as on the command line: `hr@10`, `sampled99/ndcg@10`. */

export interface MetricDefinition {
  /** Key without prefix and K. */
  readonly name: string;
  readonly title: string;
  readonly family: 'ratings' | 'ranking' | 'lists';
  /** Takes a list length K. */
  readonly cut: boolean;
  readonly better: 'higher' | 'lower';
  /** Has a value for each user: comparisons are paired by user. */
  readonly perUser: boolean;
  /** Unit in words, empty for a pure number or share. */
  readonly unit: string;
  readonly definition: string;
  /** K, T (the user's test items), C (candidates): plain text with Unicode. */
  readonly formula: string;
  readonly reference: string;
}

const ratings = {
  family: 'ratings',
  cut: false,
  better: 'lower',
  perUser: true,
  unit: 'rating points',
} as const;
const ranking = { family: 'ranking', cut: true, better: 'higher', perUser: true, unit: '' } as const;
const lists = { family: 'lists', cut: true, better: 'higher', perUser: true, unit: '' } as const;
const herlocker = 'Herlocker et al., Evaluating collaborative filtering recommender systems, TOIS 2004';
const ties =
  'McSherry & Najork, Computing information retrieval performance measures efficiently in the presence of tied scores, ECIR 2008';

export const metricDefinitions: readonly MetricDefinition[] = [
  {
    ...ratings,
    name: 'rmse',
    title: 'RMSE',
    definition:
      'Root of the mean squared error of the predicted ratings, over all test ratings, not clipped.',
    formula: '√(Σ (r̂ − r)² ÷ n)',
    reference: herlocker,
  },
  {
    ...ratings,
    name: 'rmseClipped',
    title: 'RMSE, clipped',
    definition: 'RMSE with predictions clipped to the rating scale of the data set.',
    formula: '√(Σ (clip(r̂) − r)² ÷ n)',
    reference: herlocker,
  },
  {
    ...ratings,
    name: 'mae',
    title: 'MAE',
    definition: 'Mean absolute error of the predicted ratings, over all test ratings, not clipped.',
    formula: 'Σ |r̂ − r| ÷ n',
    reference: herlocker,
  },
  {
    ...ratings,
    name: 'maeClipped',
    title: 'MAE, clipped',
    definition: 'MAE with predictions clipped to the rating scale of the data set.',
    formula: 'Σ |clip(r̂) − r| ÷ n',
    reference: herlocker,
  },
  {
    ...ranking,
    name: 'hr',
    title: 'HR',
    definition:
      'Share of users with at least one test item in the first K; ties by expectation over all orders of the tied items.',
    formula: 'P(a test item at place ≤ K); one test item: clamp((K − above) ÷ (equal + 1), 0, 1)',
    reference: ties,
  },
  {
    ...ranking,
    name: 'recall',
    title: 'Recall',
    definition: "Share of a user's test items that are in the first K, mean over users; ties by expectation.",
    formula: 'hits in the first K ÷ T',
    reference: ties,
  },
  {
    ...ranking,
    name: 'precision',
    title: 'Precision',
    definition: 'Share of the first K that are test items of the user, mean over users; ties by expectation.',
    formula: 'hits in the first K ÷ K',
    reference: ties,
  },
  {
    ...ranking,
    name: 'ndcg',
    title: 'NDCG',
    definition:
      'Discounted gain of the test items in the first K, over the best possible; binary gain, mean over users, ties by expectation.',
    formula: 'Σ over hits of 1 ÷ log₂(place + 1), ÷ Σ for p = 1 … min(K, T) of 1 ÷ log₂(p + 1)',
    reference: 'Järvelin & Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 2002',
  },
  {
    ...ranking,
    name: 'mrr',
    title: 'MRR',
    definition: 'Reciprocal place of the first test item, 0 beyond K, mean over users; ties by expectation.',
    formula: '1 ÷ place of the first hit, if ≤ K',
    reference: ties,
  },
  {
    ...ranking,
    name: 'map',
    title: 'MAP',
    definition:
      'Precision at the place of each test item in the first K, summed over hits and divided by the most hits possible (without K: over the whole ranking, divided by the test items), mean over users; ties by expectation.',
    formula: 'Σ over hits at place p ≤ K of (hits in the first p ÷ p), ÷ min(K, T); uncut: ÷ T',
    reference: ties,
  },
  {
    ...ranking,
    cut: false,
    name: 'auc',
    title: 'AUC',
    definition:
      'Chance that a test item is scored above a candidate that is not a test item of the user, a tie counting one half, mean over users.',
    formula: 'Σ over test items of (others below + ½ others equal) ÷ (T · (C − T))',
    reference: 'Rendle et al., BPR: Bayesian personalized ranking from implicit feedback, UAI 2009, §4',
  },
  {
    ...ranking,
    cut: false,
    better: 'lower',
    name: 'tieRate',
    title: 'Tie rate',
    definition: 'Share of test items whose score another candidate shares, mean over users.',
    formula: 'test items with equal > 0, ÷ T',
    reference: ties,
  },
  {
    ...lists,
    perUser: false,
    name: 'coverage',
    title: 'Coverage',
    definition: 'Share of the items of the data set that are in the first K of at least one evaluated user.',
    formula: 'items in lists ÷ items',
    reference: 'Ge et al., Beyond accuracy: coverage and serendipity, RecSys 2010',
  },
  {
    ...lists,
    perUser: false,
    better: 'lower',
    name: 'gini',
    title: 'Gini',
    definition:
      'Inequality of how often the items of the data set are recommended in the first K: 0 all alike, near 1 a few items take all.',
    formula: 'Σ (2i − n − 1) xᵢ ÷ (n Σ xᵢ), xᵢ ascending counts of the n items',
    reference: 'Fleder & Hosanagar, Blockbuster culture’s next rise or fall, Management Science 2009',
  },
  {
    ...lists,
    better: 'lower',
    name: 'popularityLift',
    title: 'Popularity lift',
    definition:
      'Mean number of train rows of the items in the first K, against that of the item of a train row drawn at random: above 1, lists favor popular items more than the training data do.',
    formula: 'mean over the list of cᵢ, ÷ (Σ cᵢ² ÷ Σ cᵢ), c train rows of an item',
    reference: 'Abdollahpouri et al., The unfairness of popularity bias in recommendation, RMSE@RecSys 2019',
  },
  {
    ...lists,
    unit: 'bits',
    name: 'novelty',
    title: 'Novelty',
    definition:
      'Mean self-information of the items in the first K: how surprising it is that a user with train rows knows the item.',
    formula: 'mean over the list of −log₂(max(cᵢ, 1) ÷ users with a train row)',
    reference: 'Zhou et al., Solving the apparent diversity–accuracy dilemma, PNAS 2010',
  },
  {
    ...lists,
    name: 'diversity',
    title: 'Diversity',
    definition:
      'Mean unlikeness of two items of the first K: one minus the cosine of their genres (0 or 1 each), or where no genres are known of their factors. Items without any are left out.',
    formula: 'mean over pairs i < j of the list of 1 − cos(gᵢ, gⱼ)',
    reference: 'Ziegler et al., Improving recommendation lists through topic diversification, WWW 2005',
  },
];

const byName = new Map(metricDefinitions.map((definition) => [definition.name, definition]));

export interface MetricKey {
  /** `sampled99`, `given99`, or empty for full ranking. */
  readonly prefix: string;
  readonly name: string;
  /** Null where the metric is not cut. */
  readonly k: number | null;
}

/** Parts of a key such as `sampled99/hr@10`. */
export function parseMetricKey(key: string): MetricKey {
  const slash = key.indexOf('/');
  const [name, k] = key.slice(slash + 1).split('@');
  return { prefix: slash < 0 ? '' : key.slice(0, slash), name, k: k === undefined ? null : Number(k) };
}

/** The definition behind a key, or undefined. */
export function metricDefinition(key: string): MetricDefinition | undefined {
  return byName.get(parseMetricKey(key).name);
}

/** `ndcg@10` → "NDCG@10", `sampled99/hr@10` → "HR@10 (sampled99)". */
export function metricTitle(key: string): string {
  const { prefix, name, k } = parseMetricKey(key);
  const title = (byName.get(name)?.title ?? name) + (k === null ? '' : `@${k}`);
  return prefix ? `${title} (${prefix})` : title;
}

/** 1 where higher is better, −1 where lower is. An unknown metric counts as higher is better. */
export function metricDirection(key: string): 1 | -1 {
  return metricDefinition(key)?.better === 'lower' ? -1 : 1;
}

/** The key under which a metric was taken: itself, or itself over sampled or given candidates. */
export function findMetricKey(keys: Iterable<string>, metric: string): string | undefined {
  let prefixed: string | undefined;
  for (const key of keys) {
    if (key === metric) return key;
    if (key.endsWith(`/${metric}`)) prefixed = key;
  }
  return prefixed;
}

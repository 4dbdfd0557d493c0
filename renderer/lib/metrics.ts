/** Names, directions and definitions of the metrics, for heads, tooltips and sentences. */

interface MetricWords {
  title: string;
  better: 'higher' | 'lower' | 'none';
  definition: string;
  decimals: number;
}

const known: Record<string, MetricWords> = {
  rmse: word('RMSE', 'lower', 'Root of the mean squared error over test ratings, predictions as they are.'),
  rmseClipped: word('RMSE, clipped', 'lower', 'RMSE with predictions clipped to the rating scale.'),
  mae: word('MAE', 'lower', 'Mean absolute error over test ratings, predictions as they are.'),
  maeClipped: word('MAE, clipped', 'lower', 'MAE with predictions clipped to the rating scale.'),
  hr: word('HR', 'higher', 'Share of users with a test item among their first K.'),
  recall: word(
    'Recall',
    'higher',
    'Test items among the first K ÷ all test items of the user, mean over users.',
  ),
  precision: word('Precision', 'higher', 'Test items among the first K ÷ K, mean over users.'),
  ndcg: word(
    'NDCG',
    'higher',
    'Discounted gain of test items in the first K ÷ that of the ideal list, mean over users.',
  ),
  mrr: word('MRR', 'higher', '1 ÷ rank of the first test item within K, mean over users.'),
  map: word('MAP', 'higher', 'Mean over users of the average precision at each test item.'),
  auc: word('AUC', 'higher', 'Chance that a test item scores above another candidate; a tie counts half.'),
  coverage: word(
    'Coverage',
    'higher',
    'Share of the catalogue that at least one user is shown in the first K.',
  ),
  gini: word(
    'Gini',
    'lower',
    'Inequality of exposure over items in the first K: 0 even, 1 one item takes all.',
  ),
  popularityLift: word('Popularity lift', 'none', 'Mean popularity of shown items ÷ that of the train rows.'),
  novelty: word(
    'Novelty, bits',
    'higher',
    'Mean self-information of the shown items: − log₂ of their share.',
  ),
  diversity: word('Diversity', 'higher', 'Mean distance between the items of one list.'),
  tieRate: word('Tie rate', 'lower', 'Share of test items whose score another candidate has too.'),
  loss: word('Loss', 'lower', 'The training loss that the model’s equation names.'),
  seconds: word('Train time, s', 'lower', 'Seconds of training, evaluation left out.'),
};

function word(title: string, better: MetricWords['better'], definition: string, decimals = 4): MetricWords {
  return { title, better, definition, decimals };
}

/** `sampled99/ndcg@10` → its parts. */
export function parseMetric(key: string): { prefix: string; base: string; k: number | null } {
  const slash = key.lastIndexOf('/');
  const [base = '', k] = key.slice(slash + 1).split('@');
  return { prefix: slash < 0 ? '' : key.slice(0, slash), base, k: k === undefined ? null : Number(k) };
}

/** ndcg@10 → "NDCG@10"; sampled99/hr@10 → "HR@10, sampled99". */
export function metricTitle(key: string): string {
  const { prefix, base, k } = parseMetric(key);
  const [title = '', ...rest] = (known[base]?.title ?? base).split(',');
  const at = k === null ? '' : `@${k}`;
  return `${title}${at}${rest.length > 0 ? `,${rest.join(',')}` : ''}${prefix ? `, ${prefix}` : ''}`;
}

/** What the metric means, with its K and candidates. */
export function metricDefinition(key: string): string {
  const { prefix, base, k } = parseMetric(key);
  const text = known[base]?.definition ?? 'No definition is stored for this metric.';
  const sampled = prefix ? ` Over ${prefix} candidates only; never compare it with full ranking.` : '';
  return `${k === null ? text : text.replace(/\bK\b/g, String(k))}${sampled}`;
}

/** 1 where more is better, −1 where less is, 0 where neither. */
export function direction(key: string): 1 | -1 | 0 {
  const better = known[parseMetric(key).base]?.better ?? 'higher';
  return better === 'higher' ? 1 : better === 'lower' ? -1 : 0;
}

/** ↑, ↓ or nothing. */
export function arrow(key: string): string {
  return { '1': '↑', '-1': '↓', '0': '' }[String(direction(key))] ?? '';
}

/** The better of two values of a metric, or the first where neither. */
export function isBetter(key: string, value: number, than: number): boolean {
  return direction(key) === -1 ? value < than : value > than;
}

const order = [
  'rmse',
  'rmseClipped',
  'mae',
  'maeClipped',
  'ndcg',
  'recall',
  'hr',
  'precision',
  'mrr',
  'map',
  'auc',
  'coverage',
  'novelty',
  'gini',
  'popularityLift',
  'diversity',
  'tieRate',
];

/** Metric keys in the order of the tables: rating error, ranking, beyond accuracy; then by K. */
export function sortMetrics(keys: Iterable<string>): string[] {
  const place = (key: string) => {
    const index = order.indexOf(parseMetric(key).base);
    return index < 0 ? order.length : index;
  };
  return [...keys].sort(
    (a, b) => place(a) - place(b) || (parseMetric(a).k ?? 0) - (parseMetric(b).k ?? 0) || a.localeCompare(b),
  );
}

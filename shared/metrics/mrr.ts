import { rankingDefaults, type RankingMetric } from './metric.ts';
import { mrrAtK } from './ties.ts';

export const mrr: RankingMetric = {
  ...rankingDefaults,
  name: 'mrr',
  title: 'MRR',
  definition: 'Reciprocal place of the first test item, 0 beyond K, mean over users; ties by expectation.',
  formula: '1 ÷ place of the first hit, if ≤ K',
  latex: String.raw`\frac{1}{\text{place of the first hit}} \text{ if that place} \le K, \text{ else } 0`,
  ofUser: ({ levels }, k) => mrrAtK(levels, k),
};

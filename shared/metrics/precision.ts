import { rankingDefaults, type RankingMetric } from './metric.ts';
import { hitsAtK } from './ties.ts';

export const precision: RankingMetric = {
  ...rankingDefaults,
  name: 'precision',
  title: 'Precision',
  definition: 'Share of the first K that are test items of the user, mean over users; ties by expectation.',
  formula: 'hits in the first K ÷ K',
  latex: String.raw`\frac{\text{hits in the first } K}{K}`,
  ofUser: ({ levels }, k) => hitsAtK(levels, k) / k,
};

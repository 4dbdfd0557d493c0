import { rankingDefaults, type RankingMetric } from './metric.ts';
import { hitsAtK } from './ties.ts';

export const recall: RankingMetric = {
  ...rankingDefaults,
  name: 'recall',
  title: 'Recall',
  definition: "Share of a user's test items that are in the first K, mean over users; ties by expectation.",
  formula: 'hits in the first K ÷ T',
  latex: String.raw`\frac{\text{hits in the first } K}{T}`,
  ofUser: ({ levels, positives }, k) => hitsAtK(levels, k) / positives,
};

import { rankingDefaults, type RankingMetric } from './metric.ts';
import { hitAtK } from './ties.ts';

export const hr: RankingMetric = {
  ...rankingDefaults,
  name: 'hr',
  title: 'HR',
  definition:
    'Share of users with at least one test item in the first K; ties by expectation over all orders of the tied items.',
  formula: 'P(a test item at place ≤ K); one test item: clamp((K − above) ÷ (equal + 1), 0, 1)',
  latex: String.raw`P(\text{a test item at place} \le K); \quad T = 1:\; \operatorname{clamp}\Bigl(\frac{K - \text{above}}{\text{equal} + 1},\, 0,\, 1\Bigr)`,
  ofUser: ({ levels }, k) => hitAtK(levels, k),
};

import { rankingDefaults, type RankingMetric } from './metric.ts';

export const tieRate: RankingMetric = {
  ...rankingDefaults,
  name: 'tieRate',
  title: 'Tie rate',
  better: 'lower',
  definition: 'Share of test items whose score another candidate shares, mean over users.',
  formula: 'test items with equal > 0, ÷ T',
  latex: String.raw`\frac{\text{test items whose score another candidate shares}}{T}`,
  lengths: 'whole',
  choosesEpoch: false,
  ofUser: ({ tied, positives }) => tied / positives,
};

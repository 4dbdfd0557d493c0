import { rankingDefaults, type RankingMetric } from './metric.ts';
import { areaUnderCurve } from './ties.ts';

export const auc: RankingMetric = {
  ...rankingDefaults,
  name: 'auc',
  title: 'AUC',
  definition:
    'Chance that a test item is scored above a candidate that is not a test item of the user, a tie counting one half, mean over users.',
  formula: 'Σ over test items of (others below + ½ others equal) ÷ (T · (C − T))',
  latex: String.raw`\frac{1}{T\,(C - T)} \sum_{\text{test items}} \bigl(\text{others below} + \tfrac12\, \text{others equal}\bigr)`,
  reference: 'Rendle et al., BPR: Bayesian personalized ranking from implicit feedback, UAI 2009, §4',
  lengths: 'whole',
  ofUser: ({ levels, positives, candidates }) => areaUnderCurve(levels, positives, candidates),
};

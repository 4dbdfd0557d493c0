import { ratingDefaults, type RatingMetric } from './metric.ts';

export const mae: RatingMetric = {
  ...ratingDefaults,
  name: 'mae',
  title: 'MAE',
  definition: 'Mean absolute error of the predicted ratings, over all test ratings, not clipped.',
  formula: 'Σ |r̂ − r| ÷ n',
  latex: String.raw`\frac{1}{n} \sum_{(u,i)} \lvert \hat r_{ui} - r_{ui} \rvert`,
  aggregation: 'weighted',
  choosesEpoch: true,
  clipped: false,
  ofError: Math.abs,
};

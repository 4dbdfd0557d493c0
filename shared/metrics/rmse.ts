import { ratingDefaults, type RatingMetric } from './metric.ts';

export const rmse: RatingMetric = {
  ...ratingDefaults,
  name: 'rmse',
  title: 'RMSE',
  definition: 'Root of the mean squared error of the predicted ratings, over all test ratings, not clipped.',
  formula: '√(Σ (r̂ − r)² ÷ n)',
  latex: String.raw`\sqrt{\frac{1}{n} \sum_{(u,i)} (\hat r_{ui} - r_{ui})^2}`,
  aggregation: 'root',
  choosesEpoch: true,
  clipped: false,
  ofError: (error) => error * error,
};

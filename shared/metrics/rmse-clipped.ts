import { ratingDefaults, type RatingMetric } from './metric.ts';

export const rmseClipped: RatingMetric = {
  ...ratingDefaults,
  name: 'rmseClipped',
  title: 'RMSE, clipped',
  definition: 'RMSE with predictions clipped to the rating scale of the data set.',
  formula: '√(Σ (clip(r̂) − r)² ÷ n)',
  latex: String.raw`\sqrt{\frac{1}{n} \sum_{(u,i)} \bigl(\operatorname{clip}(\hat r_{ui}) - r_{ui}\bigr)^2}`,
  aggregation: 'root',
  choosesEpoch: false,
  clipped: true,
  ofError: (error) => error * error,
};

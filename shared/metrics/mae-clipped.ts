import { ratingDefaults, type RatingMetric } from './metric.ts';

export const maeClipped: RatingMetric = {
  ...ratingDefaults,
  name: 'maeClipped',
  title: 'MAE, clipped',
  definition: 'MAE with predictions clipped to the rating scale of the data set.',
  formula: 'Σ |clip(r̂) − r| ÷ n',
  latex: String.raw`\frac{1}{n} \sum_{(u,i)} \lvert \operatorname{clip}(\hat r_{ui}) - r_{ui} \rvert`,
  aggregation: 'weighted',
  choosesEpoch: false,
  clipped: true,
  ofError: Math.abs,
};

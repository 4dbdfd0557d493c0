import { listMeans } from './list-means.ts';
import { listDefaults, type ListMetric } from './metric.ts';

export const popularityLift: ListMetric = {
  ...listDefaults,
  name: 'popularityLift',
  title: 'Popularity lift',
  perUser: true,
  better: 'lower',
  definition:
    'Mean number of train rows of the items in the first K, against that of the item of a train row drawn at random: above 1, lists favor popular items more than the training data do.',
  formula: 'mean over the list of cᵢ, ÷ (Σ cᵢ² ÷ Σ cᵢ), c train rows of an item',
  latex: String.raw`\operatorname{mean}_{i \,\in\, \text{list}}\, c_i \;\Big/\; \frac{\sum_i c_i^2}{\sum_i c_i}`,
  reference: 'Abdollahpouri et al., The unfairness of popularity bias in recommendation, RMSE@RecSys 2019',
  ofLists: (lists, { trainCount }, cuts) => listMeans(lists, popularityRatio(trainCount), cuts),
};

/** [itemCount] train rows of an item, against those of the item of a train row drawn at random. */
function popularityRatio(trainCount: Uint32Array): Float64Array {
  let rows = 0;
  let squares = 0;
  for (const count of trainCount) {
    rows += count;
    squares += count * count;
  }
  return Float64Array.from(trainCount, (count) => (squares > 0 ? (count * rows) / squares : 0));
}

import { listMeans } from './list-means.ts';
import { listDefaults, type ListMetric } from './metric.ts';

export const novelty: ListMetric = {
  ...listDefaults,
  name: 'novelty',
  title: 'Novelty',
  perUser: true,
  unit: 'bits',
  definition:
    'Mean self-information of the items in the first K: how surprising it is that a user with train rows knows the item.',
  formula: 'mean over the list of −log₂(max(cᵢ, 1) ÷ users with a train row)',
  latex: String.raw`\operatorname{mean}_{i \,\in\, \text{list}}\; -\log_2 \frac{\max(c_i, 1)}{\text{users with a train row}}`,
  reference: 'Zhou et al., Solving the apparent diversity–accuracy dilemma, PNAS 2010',
  ofLists: (lists, { trainCount, trainUsers }, cuts) =>
    listMeans(lists, selfInformation(trainCount, trainUsers), cuts),
};

/** [itemCount] −log₂ of the share of users who know the item; an item of no train row counts as known to one. */
function selfInformation(trainCount: Uint32Array, trainUsers: number): Float64Array {
  return Float64Array.from(trainCount, (count) => -Math.log2(Math.max(count, 1) / Math.max(trainUsers, 1)));
}

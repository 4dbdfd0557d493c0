import { listDiversity } from './list-diversity.ts';
import { listDefaults, type ListMetric } from './metric.ts';

export const diversity: ListMetric = {
  ...listDefaults,
  name: 'diversity',
  title: 'Diversity',
  perUser: true,
  definition:
    'Mean unlikeness of two items of the first K: one minus the cosine of their genres (0 or 1 each), or where no genres are known of their factors. Items without any are left out.',
  formula: 'mean over pairs i < j of the list of 1 − cos(gᵢ, gⱼ)',
  latex: String.raw`\operatorname{mean}_{i < j \,\in\, \text{list}}\; \bigl(1 - \cos(g_i, g_j)\bigr)`,
  reference: 'Ziegler et al., Improving recommendation lists through topic diversification, WWW 2005',
  ofLists: (lists, { vectors }, cuts) => vectors && listDiversity(lists, vectors, cuts),
};

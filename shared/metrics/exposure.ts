/**
 * What lists do to items and to people who like seldom ones. These figures follow from what is stored with a run and are
 * taken when somebody asks for them, so they are not among the metrics that every run has (`registry.ts`).
 */
import type { MetricDefinition } from './metric.ts';

export type ExposureDefinition = Pick<
  MetricDefinition,
  'name' | 'title' | 'better' | 'unit' | 'definition' | 'formula' | 'reference' | 'perUser'
>;

/** Popularity groups of items, the most rated first: what PopRSP, PopREO and exposure are taken over. */
export const itemGroups = ['Head, top 10 % of the items', 'Middle, next 10 %', 'Tail, last 80 %'] as const;

const abdollahpouri =
  'Abdollahpouri, Burke & Mobasher, Managing popularity bias in recommender systems with personalized re-ranking, FLAIRS 2019';
const zhu =
  'Zhu, Wang & Caverlee, Measuring and mitigating item under-recommendation bias in personalized ranking systems, SIGIR 2020';
const yang =
  'Yang et al., Unbiased offline recommender evaluation for missing-not-at-random implicit feedback, RecSys 2018';

export const exposureMetrics: readonly ExposureDefinition[] = [
  {
    name: 'aplt',
    title: 'Long-tail share (APLT)',
    better: 'higher',
    unit: '',
    perUser: true,
    definition:
      'Share of the first K that are long-tail items, mean over users. The short head are the most rated items that together hold 80 % of the train rows.',
    formula: 'mean over users of |first K ∩ tail| ÷ |first K|',
    reference: abdollahpouri,
  },
  {
    name: 'aclt',
    title: 'Long-tail items (ACLT)',
    better: 'higher',
    unit: 'items a list',
    perUser: true,
    definition: 'Number of long-tail items among the first K, mean over users.',
    formula: 'mean over users of |first K ∩ tail|',
    reference: abdollahpouri,
  },
  {
    name: 'popRsp',
    title: 'Unequal chance to be shown (PopRSP)',
    better: 'lower',
    unit: '',
    perUser: false,
    definition:
      'How unequal the chance of a candidate to be in the first K is between head, middle and tail items: 0 all alike.',
    formula: 'standard deviation ÷ mean over groups g of P(in first K | g, candidate)',
    reference: zhu,
  },
  {
    name: 'popReo',
    title: 'Unequal chance to be found (PopREO)',
    better: 'lower',
    unit: '',
    perUser: false,
    definition:
      'How unequal the chance of a test item to be in the first K of its user is between head, middle and tail items: 0 all alike.',
    formula: 'standard deviation ÷ mean over groups g of P(in first K | g, test item)',
    reference: zhu,
  },
  {
    name: 'snipsRecall',
    title: 'De-biased recall (SNIPS)',
    better: 'higher',
    unit: '',
    perUser: true,
    definition:
      'Recall in the first K where each test item weighs the more the less popular it is, for popular items are observed more often than they are liked: weight 1 ÷ (train rows)^1.25, normalized by user. With one test item a user it is the plain recall.',
    formula: 'Σ over hits of w ÷ Σ over test items of w, w = max(c, 1)^−((γ + 1) ÷ 2), γ = 1.5',
    reference: yang,
  },
  {
    name: 'snipsDcg',
    title: 'De-biased DCG (SNIPS)',
    better: 'higher',
    unit: '',
    perUser: true,
    definition: 'Discounted gain in the first K with the weights of the de-biased recall.',
    formula: 'Σ over hits of w ÷ log₂(place + 1), ÷ Σ over test items of w',
    reference: yang,
  },
];

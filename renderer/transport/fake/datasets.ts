/** Data sets of the fake engine, with profiles that look like films. */
import type { Dataset, DatasetDetail } from '../../../shared/contract.ts';
import type { Profile } from '../../../shared/imports.ts';
import { seeded } from '../../lib/random.ts';
import { fingerprintOf } from './random.ts';

const day = 86_400_000;

export function datasetOf(id: string, name: string, changes: Partial<Dataset> = {}): Dataset {
  return {
    id,
    name,
    users: 943,
    items: 1682,
    ratings: 100_000,
    fingerprint: fingerprintOf(id),
    implicit: false,
    scale: { minimum: 1, maximum: 5, step: 1 },
    timeKind: 'time',
    timeSpan: { from: Date.UTC(1997, 8, 20), to: Date.UTC(1998, 3, 22) },
    bytes: 3_100_000,
    runs: 0,
    parent: null,
    archived: false,
    sample: false,
    titles: 1682,
    genres: 19,
    givenSplit: false,
    createdAt: Date.UTC(2026, 10, 20, 14, 32),
    ...changes,
  };
}

export function fakeDatasets(): Dataset[] {
  return [
    datasetOf('films-100k', 'Films 100K'),
    datasetOf('films-5core', '5-core, ≥ 4 as positive', {
      parent: 'films-100k',
      users: 938,
      items: 1008,
      ratings: 54_413,
      implicit: true,
      scale: null,
      bytes: 1_700_000,
    }),
    datasetOf('films-1m', 'Films 1M', {
      users: 6040,
      items: 3706,
      ratings: 1_000_209,
      bytes: 27_400_000,
      timeSpan: { from: Date.UTC(2000, 3, 25), to: Date.UTC(2003, 1, 28) },
    }),
    datasetOf('books', 'Book club', {
      users: 105_283,
      items: 340_556,
      ratings: 1_149_780,
      bytes: 38_000_000,
      scale: { minimum: 0, maximum: 10, step: 1 },
      timeKind: 'none',
      timeSpan: null,
      titles: 0,
      genres: 0,
    }),
    datasetOf('sample', 'Sample (synthetic)', {
      users: 1000,
      items: 800,
      ratings: 60_000,
      bytes: 800_000,
      sample: true,
      genres: 12,
      titles: 800,
      timeSpan: { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 11, 31) },
    }),
  ];
}

function profileOf(dataset: Dataset): Profile {
  const random = seeded(dataset.ratings);
  const userEdges = [20, 32, 50, 80, 126, 200, 316, 500, 737];
  const shares = [0.235, 0.163, 0.166, 0.131, 0.147, 0.109, 0.043, 0.006];
  const itemEdges = [1, 2, 5, 10, 20, 50, 100, 200, 583];
  const itemShares = [0.084, 0.114, 0.11, 0.12, 0.19, 0.15, 0.14, 0.092];
  const values = dataset.implicit
    ? []
    : [0.0611, 0.1137, 0.27145, 0.34174, 0.21201].map((share, index) => ({
        value: (dataset.scale?.minimum ?? 1) + index,
        count: Math.round(share * dataset.ratings),
      }));
  const top = 0.427;
  const power = Math.log(1 - top) / Math.log(0.9);
  const span = dataset.timeSpan;
  const weeks = span ? Math.max(2, Math.round((span.to - span.from) / (7 * day))) : 0;
  const weights = Array.from({ length: weeks }, () => 0.3 + random() ** 2 * 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    perUser: {
      edges: userEdges,
      counts: shares.map((share) => Math.round(share * dataset.users)),
      minimum: 20,
      median: 65,
      mean: dataset.ratings / dataset.users,
      maximum: 737,
    },
    perItem: {
      edges: itemEdges,
      counts: itemShares.map((share) => Math.round(share * dataset.items)),
      minimum: 1,
      median: 27,
      mean: dataset.ratings / dataset.items,
      maximum: 583,
    },
    longTail: Array.from({ length: 101 }, (_, index): [number, number] => [
      index / 100,
      1 - (1 - index / 100) ** power,
    ]),
    topTenthShare: top,
    values,
    mean: dataset.implicit ? null : 3.53,
    density: dataset.ratings / (dataset.users * dataset.items),
    overTime: span
      ? {
          unit: 'week',
          starts: weights.map((_, index) => span.from + index * 7 * day),
          counts: weights.map((weight) => Math.round((weight / sum) * dataset.ratings)),
        }
      : null,
    warnings: [
      {
        code: 'cold-items',
        title: '20 % of items have fewer than 5 ratings.',
        text: 'Item metrics for these 333 are noisy.',
      },
      {
        code: 'no-cold-users',
        title: 'Every user has at least 20 ratings.',
        text: 'Results say nothing about new users.',
      },
    ],
  };
}

export function detailOf(dataset: Dataset): DatasetDetail {
  return {
    dataset,
    source: { file: dataset.sample ? 'made from seed 1' : 'ratings.csv', format: 'tab separated, UTF-8' },
    accounting: { read: dataset.ratings, imported: dataset.ratings, rejected: 0, duplicates: 0, filtered: 0 },
    rejectKinds: {},
    profile: profileOf(dataset),
  };
}

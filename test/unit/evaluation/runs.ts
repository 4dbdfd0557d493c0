import * as v from 'valibot';
import type { ComparedRun, RunFacts } from '../../../main/evaluation/compare/compare.ts';
import { RunConfig } from '../../../shared/config.ts';

/** A finished run with values of its own; everything else as by default. */
export function comparedRun(
  id: string,
  values: Record<string, ArrayLike<number>>,
  some: Partial<RunFacts> = {},
  evaluation: Partial<RunFacts['config']['evaluation']> = {},
): ComparedRun {
  const columns = Object.entries(values).map(([name, list]) => [name, Float64Array.from(list)] as const);
  const count = columns[0][1].length;
  const defined = (list: Float64Array): Float64Array => list.filter((value) => !Number.isNaN(value));
  const test = Object.fromEntries(
    columns.map(([name, list]) => [name, defined(list).reduce((a, b) => a + b, 0) / defined(list).length]),
  );
  const run: RunFacts = {
    id,
    number: Number(id.replace(/\D/g, '')) || 1,
    name: id,
    model: 'bpr',
    modelTitle: 'BPR',
    kind: 'ranking',
    baseline: false,
    seedless: false,
    config: v.parse(RunConfig, {
      model: 'bpr',
      split: { name: 'leave-last-out' },
      evaluation: { k: [10], ...evaluation },
    }),
    parameters: { embeddingSize: 64 },
    seed: 1,
    target: 'ndcg@10',
    dataset: 'd1',
    datasetName: 'Films',
    fingerprint: 'f1',
    split: { name: 'leave-last-out', hash: 's1' },
    metrics: { validation: {}, test },
    seconds: { train: 1, evaluate: 1 },
    compute: null,
    ...some,
  };
  return {
    run,
    lists: null,
    perUser: {
      users: Uint32Array.from({ length: count }, (_, u) => u),
      values: Object.fromEntries(columns),
      ratings: new Uint32Array(count).fill(1),
    },
  };
}

/**
 * Seconds of evaluation and comparison: `node test/bench/evaluation.ts`. Real MovieLens data where they are beside the
 * project, else random data of the same size; factors k = 64 are random, which takes as long as trained ones.
 * The aims: full evaluation of ML-1M under 2 s, of ML-100K under .2 s; a first verdict on 60,000 users under .3 s.
 */
import { existsSync, readFileSync } from 'node:fs';
import { sharedData } from '../fixtures/shared-data.ts';
import { compareRuns } from '../../main/evaluation/compare/compare.ts';
import { evaluate } from '../../main/evaluation/evaluate.ts';
import { loadKernels } from '../../main/kernels/kernels.ts';
import { kernelRanking } from '../../main/evaluation/ranking/fused.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import type { Ratings } from '../../main/ratings/ratings.ts';
import type { Scorer } from '../../main/model/model.ts';
import { Random } from '../../main/numeric/random.ts';
import { ratingsOf, type Line } from '../unit/evaluation/load.ts';
import { comparedRun } from '../unit/evaluation/runs.ts';

const K = 64;

/** Ratings of a file of `user item rating … order` columns, or random ones of the size. */
function load(file: string, header: boolean, users: number, items: number, count: number): Ratings {
  const path = sharedData(file);
  if (!path || !existsSync(path)) {
    const random = new Random(1, 'init');
    const lines = Array.from({ length: count }, (_, k): Line => [
      random.below(users),
      random.below(items),
      1,
      k,
    ]);
    return ratingsOf(lines, users, items);
  }
  const indices = [new Map<string, number>(), new Map<string, number>()];
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .slice(header ? 1 : 0)
    .filter(Boolean);
  return ratingsOf(
    rows.map((row): Line => {
      const fields = row.split('\t');
      const [user, item] = indices.map((index, c) => {
        const found = index.get(fields[c]) ?? index.size;
        index.set(fields[c], found);
        return found;
      });
      return [user, item, Number(fields[2]), Number(fields.at(-1))];
    }),
  );
}

function factorScorer({ userCount, itemCount }: Ratings): Scorer {
  const random = new Random(1, 'init');
  const users = random.fillNormal(new Float32Array(userCount * K), 0.1);
  const items = random.fillNormal(new Float32Array(itemCount * K), 0.1);
  const dot = (u: number, i: number): number => {
    let sum = 0;
    for (let j = 0; j < K; j++) sum += users[u * K + j] * items[i * K + j];
    return sum;
  };
  return {
    factors: { users, items, k: K, itemBias: null },
    scoreUsers(block, out) {
      for (let b = 0; b < block.length; b++)
        for (let i = 0; i < itemCount; i++) out[b * itemCount + i] = dot(block[b], i);
    },
    predict: (us, is) => Float32Array.from(us, (u, p) => dot(u, is[p])),
  };
}

async function median(times: number, work: () => unknown): Promise<string> {
  const taken: number[] = [];
  for (let k = 0; k < times; k++) {
    const started = performance.now();
    await work();
    taken.push(performance.now() - started);
  }
  return `${taken.sort((a, b) => a - b)[times >> 1].toFixed(0)} ms (first ${taken[0].toFixed(0)})`;
}

const kernels = await loadKernels();
for (const [name, ratings] of [
  ['ML-100K', load('ml-100k/u.data', false, 943, 1682, 100_000)],
  ['ML-1M', load('ml-1m/ratings.tsv', true, 6040, 3706, 1_000_209)],
] as const) {
  const config = {
    name: 'leave-last-out',
    testShare: 0.1,
    seed: 1,
    ties: 'last',
    folds: 5,
    fold: 0,
    validation: 'none',
  } as const;
  const split = makeSplit(ratings, config);
  const scorer = factorScorer(ratings);
  const evaluation = {
    candidates: 'all',
    candidateSeed: 1,
    keepSeen: false,
    positive: null,
    k: [5, 10, 20, 50],
    target: null,
  };
  const request = { ratings, split, part: 'test', scorer, kind: 'ranking', config: evaluation } as const;
  const rank = kernelRanking(kernels);
  console.log(
    `${name}, ranking by kernels and all metrics: ${await median(5, () => evaluate({ ...request, rank }))}`,
  );
  const { ranking } = await evaluate(request);
  console.log(`${name}, ranking in plain code and all metrics: ${await median(3, () => evaluate(request))}`);
  if (!ranking) continue;
  const { above, equal, lists } = ranking;
  const candidates = ranking.candidates;
  const known = async () => ({ above, equal, candidates, constantUsers: 0, notNumbers: 0, lists });
  console.log(
    `${name}, all metrics but ranking: ${await median(5, () => evaluate({ ...request, rank: known }))}`,
  );
}

kernels.dispose();

const random = new Random(1, 'init');
const column = () => Float64Array.from({ length: 60_000 }, () => Math.max(0, random.next() - 0.7));
const names = ['hr', 'recall', 'precision', 'ndcg', 'mrr', 'map'].flatMap((n) =>
  [5, 10, 20, 50].map((k) => `${n}@${k}`),
);
const values = () => Object.fromEntries([...names, 'auc'].map((n) => [n, column()]));
const runs = [comparedRun('r1', values()), comparedRun('r2', values())];
const verdict = (metric: string | null) => () => compareRuns(runs, null, { metric, force: false });
console.log(`60,000 users, first verdict: ${await median(5, verdict('ndcg@10'))}`);
console.log(`60,000 users, all ${names.length + 1} metrics: ${await median(5, verdict(null))}`);
const errors = ['rmse', 'rmseClipped', 'mae', 'maeClipped'];
const rated = ['r1', 'r2'].map((id) =>
  comparedRun(id, Object.fromEntries(errors.map((n) => [n, column()])), { kind: 'ratings' }),
);
console.log(
  `60,000 users, RMSE and MAE: ${await median(3, () => compareRuns(rated, null, { metric: null, force: false }))}`,
);

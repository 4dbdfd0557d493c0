/** Runs of the fake engine: plausible curves and figures, the same at every start. */
import type { Parameters } from '../../../shared/config.ts';
import type { Epoch, Run } from '../../../shared/contract.ts';
import { configOf, fakeModels } from './models.ts';
import { seeded } from '../../lib/random.ts';
import { fingerprintOf, hashed } from './random.ts';

export interface FakeRun {
  run: Run;
  epochs: Epoch[];
  log: string[];
}

interface Recipe {
  name: string;
  model: string;
  /** NDCG@10 on test. */
  score: number;
  status?: Run['status'];
  parameters?: Parameters;
  epoch?: number;
  epochs?: number;
  seed?: number;
  tags?: string[];
  seconds?: number;
  dataset?: string;
}

const now = Date.UTC(2026, 10, 23, 15, 0);

/** Ranking and beyond-accuracy metrics that go with an NDCG@10. */
export function metricsFor(score: number, seed: string): Record<string, number> {
  const wobble = (name: string) => 1 + (hashed(`${seed}${name}`) - 0.5) * 0.06;
  const metrics: Record<string, number> = {};
  for (const k of [5, 10, 20, 50]) {
    const reach = Math.sqrt(k / 10);
    metrics[`ndcg@${k}`] = k === 10 ? score : score * reach ** 0.55 * wobble(`n${k}`);
    metrics[`recall@${k}`] = score * 1.9 * reach * wobble(`r${k}`);
    metrics[`hr@${k}`] = score * 1.9 * reach * wobble(`r${k}`);
    metrics[`precision@${k}`] = (score * 1.9 * reach * wobble(`r${k}`)) / k;
    metrics[`mrr@${k}`] = score * 0.8 * reach ** 0.3 * wobble(`m${k}`);
    metrics[`map@${k}`] = score * 0.8 * reach ** 0.3 * wobble(`m${k}`);
    metrics[`coverage@${k}`] = Math.min(0.99, (0.06 + hashed(`${seed}c`) * 0.2) * reach);
    metrics[`novelty@${k}`] = 2.2 + hashed(`${seed}v`) * 1.6;
    metrics[`gini@${k}`] = 0.75 + hashed(`${seed}g`) * 0.2;
    metrics[`popularityLift@${k}`] = 1.4 + hashed(`${seed}p`) * 2;
    metrics[`diversity@${k}`] = 0.6 + hashed(`${seed}d`) * 0.25;
  }
  metrics['map'] = score * 0.7;
  metrics['auc'] = 0.78 + score * 1.6;
  metrics['tieRate'] = 0;
  return metrics;
}

export function epochsOf(
  recipe: { score: number; epochs: number; seconds: number; seed: string },
  upTo: number,
) {
  const random = seeded(Math.floor(hashed(recipe.seed) * 1e9));
  return Array.from({ length: upTo }, (_, index): Epoch => {
    const progress = 1 - Math.exp((-5 * (index + 1)) / recipe.epochs);
    const noise = 1 + (random() - 0.5) * 0.03;
    return {
      epoch: index + 1,
      loss: (0.12 + 0.75 * Math.exp((-4 * (index + 1)) / recipe.epochs)) * noise,
      seconds: recipe.seconds / recipe.epochs,
      validation: {
        'ndcg@10': recipe.score * 1.04 * progress * noise,
        'recall@10': recipe.score * 2 * progress * noise,
      },
    };
  });
}

export function makeRun(recipe: Recipe, number: number): FakeRun {
  const info = fakeModels.find((model) => model.name === recipe.model);
  if (!info) throw new Error(`no model ${recipe.model}`);
  const id = `run-${number}`;
  const dataset = recipe.dataset ?? 'films-100k';
  const epochs = info.iterative ? (recipe.epochs ?? 60) : 0;
  const status = recipe.status ?? 'finished';
  const best = recipe.epoch ?? Math.round(epochs * 0.7);
  const reached = status === 'finished' ? epochs : status === 'queued' ? 0 : (recipe.epoch ?? 9);
  const seconds = recipe.seconds ?? 4;
  const seed = recipe.seed ?? 1;
  const curve = epochsOf({ score: recipe.score, epochs, seconds, seed: id }, reached);
  const parameters: Parameters = {};
  for (const parameter of info.parameters) parameters[parameter.name] = parameter.default;
  Object.assign(parameters, recipe.parameters);
  const failed = status === 'failed';
  const last = curve[curve.length - 1];
  return {
    epochs: failed ? curve.slice(0, 1) : curve,
    log: failed
      ? ['epoch 1: loss 0.7421', 'epoch 2: loss Infinity', 'stopped: the loss is not finite']
      : [`fused, 2 threads`, `${info.title} on ${dataset}`],
    run: {
      id,
      number,
      name: recipe.name,
      dataset,
      datasetName: dataset === 'films-100k' ? 'Films 100K' : 'Sample (synthetic)',
      fingerprint: fingerprintOf(dataset),
      model: recipe.model,
      modelTitle: info.title,
      kind: info.kind,
      baseline: info.baseline,
      seedless: info.baseline && info.name !== 'random',
      status,
      config: configOf(recipe.model, { parameters: { ...recipe.parameters }, seed }),
      parameters,
      seed,
      split: { name: 'leave-last-out', hash: fingerprintOf(`${dataset} leave-last-out`) },
      compute: { engine: 'fused', backend: 'wasm', version: '0.1.0', simd: 'plain', threads: 2 },
      target: 'ndcg@10',
      metrics: {
        validation: last && !failed ? last.validation : {},
        test: status === 'finished' ? metricsFor(recipe.score, id) : {},
      },
      interval: status === 'finished' ? [recipe.score - 0.0061, recipe.score + 0.0063] : null,
      epoch: failed ? 2 : reached,
      epochs,
      bestEpoch: info.iterative && reached > 0 ? Math.min(best, reached) : null,
      loss: last?.loss ?? null,
      seconds: { train: status === 'queued' ? 0 : seconds * (epochs ? reached / epochs : 1), evaluate: 0.2 },
      examplesPerSecond: status === 'queued' ? null : 1_900_000,
      peakMemoryMb: 96,
      notes: [],
      tags: recipe.tags ?? [],
      note: '',
      archived: false,
      group: null,
      error: failed
        ? {
            code: 'loss-not-finite',
            message: 'Loss became infinite in epoch 2.',
            hint: 'Clone with learning rate .0005.',
            details: { parameters: { learningRate: 0.0005 } },
          }
        : null,
      createdAt: now - (60 - number) * 600_000,
      startedAt: status === 'queued' ? null : now - (60 - number) * 600_000,
      finishedAt: status === 'finished' ? now - (60 - number) * 590_000 : null,
    },
  };
}

const recipes: Recipe[] = [
  { name: 'Popularity', model: 'popularity', score: 0.0417, seconds: 0.2, tags: ['baseline'] },
  { name: 'Random', model: 'random', score: 0.0059, seconds: 0.1, tags: ['baseline'] },
  { name: 'ItemKNN 50', model: 'itemknn', score: 0.0669, seconds: 1 },
  { name: 'EASE λ250', model: 'ease', score: 0.0758, seconds: 3 },
  ...[1, 2, 3].flatMap((seed): Recipe[] => [
    {
      name: `Caser L5 d50`,
      model: 'caser',
      score: 0.0834 + (seed - 2) * 0.0021,
      seed,
      seconds: 112,
      tags: ['good'],
    },
    {
      name: `iALS k64`,
      model: 'ials',
      score: 0.0771 + (seed - 2) * 0.0012,
      seed,
      seconds: 4,
      epochs: 15,
      epoch: 12,
    },
    {
      name: `BPR k64 lr .05`,
      model: 'bpr',
      score: 0.0702 + (seed - 2) * 0.0016,
      seed,
      seconds: 4,
      epoch: 41,
      tags: ['good'],
    },
    {
      name: `BPR k32 lr .05`,
      model: 'bpr',
      score: 0.0683 + (seed - 2) * 0.0019,
      seed,
      seconds: 3,
      parameters: { embeddingSize: 32 },
      epoch: 44,
    },
    {
      name: `AutoRec h500`,
      model: 'autorec',
      score: 0.0524 + (seed - 2) * 0.0027,
      seed,
      seconds: 9,
      epochs: 50,
      epoch: 22,
    },
    {
      name: `MF k40 lr .02`,
      model: 'mf',
      score: 0.0438 + (seed - 2) * 0.0031,
      seed,
      seconds: 2,
      epochs: 30,
      epoch: 18,
      parameters: { embeddingSize: 40, learningRate: 0.02 },
    },
  ]),
  {
    name: 'Caser L9 d50',
    model: 'caser',
    score: 0.0511,
    status: 'interrupted',
    epoch: 9,
    seconds: 112,
    parameters: { sequenceLength: 9 },
  },
  {
    name: 'Caser L5 d400',
    model: 'caser',
    score: 0.02,
    status: 'failed',
    epoch: 2,
    seconds: 8,
    parameters: { embeddingSize: 400, learningRate: 0.005 },
  },
  {
    name: 'NeuMF 64-32-16',
    model: 'neumf',
    score: 0.0675,
    status: 'running',
    epoch: 23,
    epochs: 40,
    seconds: 66,
  },
  {
    name: 'BPR k64 lr .10',
    model: 'bpr',
    score: 0.0661,
    status: 'running',
    epoch: 31,
    epochs: 60,
    seconds: 30,
    parameters: { learningRate: 0.1 },
  },
  {
    name: 'BPR k128 lr .05',
    model: 'bpr',
    score: 0.07,
    status: 'queued',
    parameters: { embeddingSize: 128 },
  },
];

/** The standing runs, and `extra` more made by a sweep for trying large tables. */
export function fakeRuns(extra = 0): FakeRun[] {
  const runs = recipes.map((recipe, index) => makeRun(recipe, index + 1));
  for (let index = 0; index < extra; index += 1) {
    const size = 2 ** (2 + (index % 7));
    const rate = [0.005, 0.01, 0.02, 0.05, 0.1][index % 5] ?? 0.01;
    runs.push(
      makeRun(
        {
          name: `BPR k${size} lr ${rate}`,
          model: 'bpr',
          score: 0.03 + hashed(`sweep${index}`) * 0.04,
          seed: index,
          parameters: { embeddingSize: size, learningRate: rate },
        },
        recipes.length + index + 1,
      ),
    );
    const made = runs[runs.length - 1];
    if (made) made.epochs = [];
  }
  return runs;
}

/** One run of ours, in a process of its own: prints a JSON line. `node training-one.ts ROW THREADS SEED` */
import * as v from 'valibot';
import { type Parameters, RunConfig } from '../../shared/config.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import { kernelRanking } from '../../main/evaluation/ranking/fused.ts';
import { loadKernels } from '../../main/kernels/kernels.ts';
import { heldOut } from '../../main/evaluation/ranking/held-out.ts';
import type { RankingTask } from '../../main/evaluation/ranking/ranking.ts';
import { findPreset } from '../../main/models/presets.ts';
import { runTrial } from '../../main/training/loop.ts';
import { median, peakMemoryMb } from '../../main/training/measure.ts';
import { Random } from '../../main/numeric/random.ts';
import { loadData } from '../fidelity/data.ts';
import { peerRows } from './peer-rows.ts';
import { benchRows, type BenchRow } from './training-rows.ts';

export interface OurRun {
  readonly examplesPerSecond: number;
  /** Of the whole training, as a run reports it; of ranking 0. */
  readonly trainSeconds?: number;
  readonly secondsPerEpoch?: number;
  readonly quality: number | null;
  readonly peakMemoryMb: number;
  readonly engine: string;
}

type TrainedRow = Pick<BenchRow, 'preset' | 'data' | 'epochs'> & {
  readonly figure: string | null;
  readonly ties: 'first' | 'last';
  readonly parameters?: Parameters;
};

async function train(row: TrainedRow, threads: number, seed: number): Promise<OurRun> {
  const preset = findPreset(row.preset ?? '');
  if (!preset) throw new Error(`there is no preset ${row.preset ?? ''}`);
  const { ratings, given } = loadData(row.data);
  const split = { ...preset.split, ties: row.ties, validation: 'none' } as const;
  const config = v.parse(RunConfig, {
    ...{ model: preset.model, evaluation: preset.evaluation, split, threads, seed },
    parameters: { ...preset.parameters, ...row.parameters, epochs: row.epochs },
  });
  const trial = { ratings, config, split: makeSplit(ratings, config.split, given) };
  const result = await runTrial(trial);
  return {
    examplesPerSecond: result.examplesPerSecond,
    trainSeconds: result.seconds.train,
    secondsPerEpoch: result.seconds.train / row.epochs,
    quality: row.figure === null ? null : result.metrics.test[row.figure],
    peakMemoryMb: result.peakMemoryMb,
    engine: `${result.compute.engine}, ${result.compute.simd}`,
  };
}

/** Random factors: scores of all items, train items left out, the best 50 and the place of the test item. */
async function rank(row: BenchRow, threads: number, seed: number): Promise<OurRun> {
  const { ratings } = loadData(row.data);
  const config = v.parse(RunConfig, { model: 'bpr', split: {}, evaluation: {} });
  const split = makeSplit(ratings, {
    ...config.split,
    name: 'leave-last-out',
    ties: 'first',
    validation: 'none',
  });
  const { userCount, itemCount } = ratings;
  const k = 64;
  const random = new Random(seed, 'init');
  const users = random.fillNormal(new Float32Array(userCount * k), 1);
  const items = random.fillNormal(new Float32Array(itemCount * k), 1);
  const unused = (): never => {
    throw new Error('factors are ranked by kernels');
  };
  const scorer = { factors: { users, items, k, itemBias: null }, scoreUsers: unused, predict: unused };
  const held = heldOut({ ratings, split, part: 'test', config: config.evaluation });
  const { users: ranked, positiveStart, seenStart, seen } = held;
  const positives = held.positives.map((at) => ratings.item[at]);
  const task: RankingTask = {
    ...{
      itemCount,
      users: ranked,
      positiveStart,
      positives,
      seenStart,
      seen,
      excluded: null,
      listLength: 50,
    },
  };
  const kernels = await loadKernels({ threads });
  const seconds: number[] = [];
  for (let repeat = 0; repeat < row.epochs; repeat++) {
    const started = performance.now();
    await kernelRanking(kernels)(scorer, task);
    seconds.push((performance.now() - started) / 1000);
  }
  const { engine, simd } = kernels.record;
  kernels.dispose();
  return {
    examplesPerSecond: held.users.length / median(seconds),
    quality: null,
    peakMemoryMb: peakMemoryMb(),
    engine: `${engine}, ${simd}`,
  };
}

const [name, threads, seed] = process.argv.slice(2);
/** Against PyTorch, whose reference takes the first of tied last rows; against other libraries, which take the last. */
function runOf(): Promise<OurRun> {
  const given = [Number(threads), Number(seed)] as const;
  const row = benchRows.find((one) => one.name === name);
  if (row?.preset === null) return rank(row, ...given);
  if (row) return train({ ...row, ties: 'first', figure: row.quality && row.quality.ours }, ...given);
  const peer = peerRows.find((one) => one.name === name);
  if (!peer) throw new Error(`there is no row ${name}`);
  return train({ ...peer, data: 'ml-1m', ties: 'last', figure: peer.figure.ours }, ...given);
}

const run = await runOf();
process.stdout.write(`${JSON.stringify(run)}\n`);
process.exit(0);

/**
 * Entry of the trainer process: trains one run and ends. It reads the database and never writes it, and replaces its
 * checkpoint's file as a whole, so it can be killed at any time without harm.
 */
import { makeSplit, splitReadsTime } from '../evaluation/splits/make-split.ts';
import type { RunConfig } from '../../shared/config.ts';
import { prepareKernels } from '../kernels/kernels.ts';
import { findModel } from '../models/registry.ts';
import { parentChannel } from '../process/parent.ts';
import { checkpointFile, readCheckpoint, writeCheckpoint } from '../store/checkpoints.ts';
import { openReadable } from '../store/database.ts';
import { givenOf, readDataset } from '../store/ratings.ts';
import { collectGarbage } from '../training/collect.ts';
import { genreVectors } from '../evaluation/genres.ts';
import { runTrial, tuneTrial } from '../training/loop.ts';
import { errorShape, isCancelled } from '../training/failure.ts';
import type { FromTrainer, ToTrainer } from '../training/trainer-protocol.ts';
import type { Trial, TrialCallbacks } from '../training/trial.ts';

const parent = parentChannel();
const post = (message: FromTrainer): void => parent.post(message);
let stop: 'no' | 'epoch' | 'now' = 'no';

parent.onMessage((received) => {
  const message = received as ToTrainer;
  if (message.type === 'stop') stop = message.after;
  else if (message.type === 'self-test') void test(message.threads);
  else void train(message);
});
parent.ready();

async function test(threads: number | null): Promise<void> {
  const { selfTest } = await import('../training/measure-compute.ts');
  post({ type: 'self-test', report: await selfTest(threads) });
  await parent.flush();
  process.exit(0);
}

async function train(start: Extract<ToTrainer, { type: 'start' }>): Promise<void> {
  try {
    if (usesKernels(start.config)) prepareKernels(start.config.threads);
    const { ratings, split, genres } = loadSplit(start);
    collectGarbage();
    const { name } = split.config;
    const file = checkpointFile(start.database, start.run);
    const trial: Trial = {
      ratings,
      split,
      genres,
      config: start.config,
      checkpoint: readCheckpoint(file),
      checkpointSeconds: start.checkpointSeconds === undefined ? 30 : start.checkpointSeconds,
    };
    const callbacks: TrialCallbacks = {
      started: (compute, target, epochs) =>
        post({
          type: 'started',
          compute,
          target,
          epochs,
          split: { name, hash: split.hash, part: split.part },
        }),
      progress: (progress) => post({ type: 'progress', progress }),
      epoch: (epoch) => post({ type: 'epoch', epoch }),
      checkpoint(arrays) {
        writeCheckpoint(file, arrays);
        post({ type: 'checkpoint' });
      },
      stop: () => stop,
    };
    const message: FromTrainer = start.tuning
      ? { type: 'tuned', result: await tuneTrial(trial, start.tuning.until, callbacks) }
      : { type: 'result', result: await runTrial(trial, callbacks) };
    // Sending copies the result once or twice; the model's memory is free by now.
    collectGarbage();
    post(message);
  } catch (error) {
    post({ type: 'failed', error: errorShape(error), cancelled: isCancelled(error) });
  }
  await parent.flush();
  process.exit(0);
}

function usesKernels({ model, compute }: RunConfig): boolean {
  return (compute === 'auto' || compute === 'fused') && findModel(model)?.factories.fused !== undefined;
}

/** The data set with its split, without times: only some splits look at them. */
function loadSplit(
  start: Extract<ToTrainer, { type: 'start' }>,
): Pick<Trial, 'ratings' | 'split' | 'genres'> {
  const { ratings, given, genres } = load(start);
  const split = makeSplit(ratings, start.config.split, givenOf(given));
  return { ratings: { ...ratings, time: null }, split, genres: genres && genreVectors(genres) };
}

function load({
  database,
  dataset,
  config,
}: Extract<ToTrainer, { type: 'start' }>): ReturnType<typeof readDataset> {
  const opened = openReadable(database);
  try {
    return readDataset(opened, dataset, splitReadsTime(config.split));
  } finally {
    opened.close();
  }
}

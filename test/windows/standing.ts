/** The runs and data sets that the stand-in begins with: those recorded, and states that are hard to catch. */
import type { Dataset, Run } from '../../shared/contract.ts';
import { answered } from './recordings.ts';

const recordedRuns = answered('runs.list');

/** The recorded run of a name. */
export function runNamed(name: string): Run {
  const found = recordedRuns.find((run) => run.name === name);
  if (!found)
    throw new Error(`No run "${name}" was recorded, only ${recordedRuns.map((run) => run.name).join(', ')}.`);
  return found;
}

/** A recorded run as one of another number and configuration. */
export function like(run: Run, number: number, changes: Partial<Run>): Run {
  const parameters = { ...run.parameters, ...changes.parameters };
  const config = { ...run.config, parameters: { ...run.config.parameters, ...changes.parameters } };
  const seed = changes.seed ?? run.seed;
  return { ...run, id: `run-${number}`, number, ...changes, parameters, config: { ...config, seed } };
}

const unfinished = { finishedAt: null, interval: null, metrics: { validation: {}, test: {} } };
const queued = {
  ...unfinished,
  status: 'queued',
  epoch: 0,
  bestEpoch: null,
  loss: null,
  startedAt: null,
} as const;

/** In the middle of more epochs than any test waits for, nothing tested yet. */
function running(run: Run, epoch: number): Run {
  const metrics = { ...run.metrics, test: {} };
  return { ...run, ...unfinished, metrics, status: 'running', epoch, epochs: 4000, bestEpoch: epoch };
}

/** Every run as recorded, two that learn, one that waits, one that was interrupted; and `more` of a sweep. */
export function standingRuns(more = 0): Run[] {
  const learning: Readonly<Record<string, number>> = { 'NeuMF epochs 8': 4, 'BPR epochs 12 lr .01': 6 };
  const good = new Set(['BPR k32 epochs 12', 'Caser epochs 4']);
  const runs = recordedRuns.map((run) => {
    const epoch = learning[run.name];
    return { ...(epoch ? running(run, epoch) : run), tags: good.has(run.name) ? ['good'] : [] };
  });
  const next = Math.max(...runs.map(({ number }) => number)) + 1;
  runs.push(
    like(runNamed('BPR k32 epochs 12'), next, {
      ...queued,
      name: 'BPR k128',
      parameters: { embeddingSize: 128 },
    }),
    like(runNamed('Caser epochs 4'), next + 1, {
      ...unfinished,
      name: 'Caser L9',
      status: 'interrupted',
      epoch: 2,
      parameters: { sequenceLength: 9 },
    }),
  );
  return [...runs, ...Array.from({ length: more }, (_, index) => swept(next + 2 + index, index))];
}

/** The runs of one configuration after the other, each with figures of its own. */
function swept(number: number, index: number): Run {
  const run = runNamed('BPR k16 epochs 12');
  const embeddingSize = 2 ** (2 + (index % 7));
  const learningRate = [0.005, 0.01, 0.02, 0.05, 0.1][index % 5];
  const factor = 0.5 + ((index * 7919) % 1000) / 1000;
  const test = Object.fromEntries(
    Object.entries(run.metrics.test).map(([key, value]) => [key, value * factor]),
  );
  return like(run, number, {
    name: `BPR k${embeddingSize} lr ${learningRate}`,
    seed: index,
    parameters: { embeddingSize, learningRate },
    metrics: { ...run.metrics, test },
  });
}

export const newlyQueued = (number: number, model: string, changes: Partial<Run>): Run =>
  like(recordedRuns.find((run) => run.model === model) ?? recordedRuns[0], number, { ...queued, ...changes });

export const standingDatasets = (): Dataset[] => answered('datasets.list');

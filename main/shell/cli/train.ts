/** `train`: from options to a configuration, and from a run to what is printed. */
import type { RunConfig } from '../../../shared/config.ts';
import type { Epoch, ModelInfo, Params, Run } from '../../../shared/contract.ts';
import { eachPart, partGroup } from '../../../shared/parts.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { type Host } from './open-host.ts';
import { waitFor } from './print-answers.ts';
import { type SplitFlags, splitOf } from './split-options.ts';

export interface TrainOptions extends SplitFlags {
  dataset: string;
  model?: string;
  preset?: string;
  set?: Record<string, string>;
  refit?: boolean;
  positive?: number;
  candidates?: string;
  candidateSeed?: number;
  keepSeen?: boolean;
  k?: number[];
  target?: string;
  seed?: number;
  compute?: string;
  threads?: number;
  name?: string;
}

type ConfigInput = Params<'runs.start'>['configs'][number];

/** The configurations that a command asks for: one, or one a fold or window. @throws WorkbenchError on unknown names */
export function configsOf(options: TrainOptions, models: readonly ModelInfo[]): ConfigInput[] {
  return eachPart(overridden(startFrom(options, models), options));
}

function startFrom({ model, preset }: TrainOptions, models: readonly ModelInfo[]): ConfigInput {
  if (!preset) {
    if (model) return { model };
    throw new WorkbenchError('model-needed', 'train needs a model or a preset.', 'Give --model or --preset.');
  }
  const all = models.flatMap((info) => info.presets);
  const found = all.find(({ name }) => name === preset);
  if (!found) {
    throw new WorkbenchError(
      'unknown-preset',
      `There is no preset "${preset}".`,
      `There are: ${all.map(({ name }) => name).join(', ')}.`,
    );
  }
  if (model && model !== found.config.model) {
    throw new WorkbenchError(
      'preset-of-other-model',
      `The preset ${preset} is for ${found.config.model}, not for ${model}.`,
      'Leave --model out.',
    );
  }
  return found.config;
}

function overridden(base: ConfigInput, options: TrainOptions): ConfigInput {
  const given = <T extends object>(values: T): Partial<T> =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
  return {
    ...base,
    parameters: { ...base.parameters, ...options.set },
    split: {
      ...base.split,
      ...splitOf(options),
    },
    evaluation: {
      ...base.evaluation,
      ...given({
        candidates: options.candidates,
        candidateSeed: options.candidateSeed,
        keepSeen: options.keepSeen,
        positive: options.positive,
        k: options.k,
        target: options.target,
      }),
    },
    ...given({
      refit: options.refit,
      seed: options.seed,
      compute: options.compute as RunConfig['compute'] | undefined,
      threads: options.threads,
    }),
  };
}

/** A run as `train`, `run` and `runs` print it. */
export function runJson(run: Run, epochs: readonly Epoch[]): Record<string, unknown> {
  const { id, name, number, model, status, config, parameters, seed, compute, split, fingerprint, error } =
    run;
  return {
    run: {
      id,
      name,
      number,
      model,
      status,
      config: { ...config, parameters },
      seed,
      compute,
      split,
      fingerprint,
      error,
    },
    metrics: run.metrics,
    target: run.target,
    bestEpoch: run.bestEpoch,
    epochs,
    seconds: run.seconds,
    examplesPerSecond: run.examplesPerSecond,
    peakMemoryMb: run.peakMemoryMb,
    cost: run.cost && { ...run.cost, peakMemoryMb: run.peakMemoryMb },
    parent: run.parent,
    notes: run.notes,
  };
}

/** Starts the runs, waits for all of them, and returns what `train` prints. */
export async function train(host: Host, options: TrainOptions): Promise<Record<string, unknown>> {
  const configs = configsOf(options, await host.invoke('models.list', {}));
  const group =
    configs.length > 1 ? partGroup(options.name ?? configs[0].model, configs[0].split ?? {}) : null;
  // Parts are one group, so they are trained together whatever waits.
  const again = configs.length > 1;
  const { runs, already } = await host.invoke('runs.start', {
    dataset: options.dataset,
    configs,
    name: options.name,
    group,
    again,
  });
  for (const { run, status } of already)
    process.stderr.write(
      `A run of this data, configuration and seed is ${status} already: waiting for ${run}.\n`,
    );
  const results: Record<string, unknown>[] = [];
  const test: Record<string, number[]> = {};
  for (const id of runs) {
    await waitFor(host, id);
    const { run, epochs } = await host.invoke('runs.get', { run: id });
    results.push(runJson(run, epochs));
    for (const [name, value] of Object.entries(run.metrics.test)) (test[name] ??= []).push(value);
  }
  if (configs.length === 1) return results[0];
  const overTime =
    group !== null && configs[0].split?.name === 'rolling'
      ? await host.invoke('runs.overTime', { group })
      : null;
  return {
    group,
    runs: results,
    metrics: { test: Object.fromEntries(Object.entries(test).map(spread)) },
    ...(overTime && { overTime }),
  };
}

function spread([name, values]: [string, number[]]): [string, { mean: number; sd: number }] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [name, { mean, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) }];
}

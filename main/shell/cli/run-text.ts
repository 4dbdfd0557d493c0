/** Runs as a person reads them on a terminal. */
import type { Run } from '../../../shared/contract.ts';
import { findMetricKey } from '../../../shared/metrics/registry.ts';
import { models } from '../../models/registry.ts';
import { figure, table } from './text.ts';

/** What `train`, `run` and `resume` print. */
export function trainedText(json: Record<string, unknown>): string {
  const { run, metrics, epochs, notes } = json as {
    run?: { name: string; status: string };
    notes?: string[];
    metrics: { test: Record<string, number | { mean: number; sd: number }> };
    epochs?: unknown[];
  };
  const rows = Object.entries(metrics.test).map(([name, value]) =>
    typeof value === 'number' ? [name, value] : [name, value.mean, value.sd],
  );
  const passes = epochs?.length ?? 0;
  const head = [
    run
      ? `${run.name}: ${run.status} after ${passes} epoch${passes === 1 ? '' : 's'}`
      : 'All parts of the split',
    ...(notes ?? []).map((note) => `Note: ${note}`),
  ].join('\n');
  if (rows.length === 0) return head;
  return `${head}\n${table(run ? ['test metric', 'value'] : ['test metric', 'mean', 'sd'], rows)}`;
}

/** What a run was: data, split, parameters, what computed it and how long. */
export function runText({ config, parameters, ...run }: Run): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  const { engine, backend, threads } = run.compute ?? {};
  const seconds = `${run.seconds.train.toFixed(2)} s training, ${run.seconds.evaluate.toFixed(2)} s evaluating`;
  return [
    `${run.name} (${run.id}): ${run.modelTitle} on "${run.datasetName}"`,
    `split       ${run.split ? `${run.split.name} ${run.split.hash}` : (config.split.name ?? 'random')}, seed ${config.split.seed}, candidates ${config.evaluation.candidates}`,
    `parameters  ${pairs.join(', ') || 'none'}, seed ${run.seed}`,
    `compute     ${engine ? `${engine} (${backend}), ${threads} thread${threads === 1 ? '' : 's'}; ${seconds}` : 'not started'}`,
    ...(run.cost ? [`cost        ${costText(run.cost)}`] : []),
    ...(run.parent ? [`continues   ${parentText(run.parent)}`] : []),
    ...(run.error ? [`error       ${run.error.message} ${run.error.hint}`] : []),
  ].join('\n');
}

function parentText({ number, epoch, fromState }: NonNullable<Run['parent']>): string {
  return `run ${number} after epoch ${epoch}, ${fromState ? 'from its last state' : 'whose epochs were trained again'}`;
}

function costText({ cpuSeconds, wallSeconds, energyJoules, energyNote }: NonNullable<Run['cost']>): string {
  const energy = energyJoules === null ? energyNote : `${energyJoules.toFixed(0)} J`;
  return `${cpuSeconds.toFixed(2)} s of processors in ${wallSeconds.toFixed(2)} s; energy: ${energy}`;
}

export function runsText(runs: readonly Run[]): string {
  if (runs.length === 0)
    return `No runs yet. Train a first one: train --dataset … --model ${models[0].name}.`;
  return table(
    ['id', 'name', 'status', 'data set', 'split', 'epoch', 'target', 'test'],
    runs.map((r) => {
      const target = findMetricKey(Object.keys(r.metrics.test), r.target) ?? r.target;
      return [
        r.id.slice(0, 8),
        r.name,
        r.status,
        r.datasetName,
        r.split?.name ?? '–',
        figure(r.bestEpoch ?? r.epoch),
        target,
        r.metrics.test[target] ?? null,
      ];
    }),
  );
}

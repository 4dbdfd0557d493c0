/** Runs made elsewhere: read and evaluated in a process of their own, stored here as any run. */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as v from 'valibot';
import { EvaluationConfig, type Parameters, type RunConfig } from '../../../shared/config.ts';
import type { Checked } from '../../../shared/contract.ts';
import { IMPORTED } from '../../../shared/outside.ts';
import { sortMetricKeys } from '../../../shared/metrics/registry.ts';
import type { ImportedRun } from '../../files/outside/import-run.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun, insertRun } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { chosenSplit } from '../datasets/chosen-split.ts';
import { databasePath } from '../folder.ts';
import { dropUpload } from '../staging.ts';
import { storeResult } from './results.ts';

type Asked = Checked<'runs.import'>;

/** Starts the job; its result is `{ run, accounting, rejectKinds, rejects, notes }`. */
export function startImportingRun(context: EngineContext, asked: Asked): string {
  const { database, dataDir, importer, events } = context;
  const { dataset, split, evaluation, refit } = chosenSplit(database, asked);
  const rule = { ...(evaluation ?? v.parse(EvaluationConfig, {})), ...(asked.k && { k: asked.k }) };
  const { path, form, columns } = asked;
  return importer.start('import', `Add a run from ${basename(path)}`, async (control, run) => {
    const { imported } = await run({
      ...{ job: 'run', database: databasePath(dataDir), dataset: dataset.id, path, form, columns },
      ...{ split, evaluation: rule, refit },
    });
    control.progress({ stage: 'Storing' });
    const id = store(context, asked, dataset.id, refit, imported);
    dropUpload(dataDir, path);
    events.emit({ event: 'runs.changed', payload: { run: id } });
    events.emit({ event: 'datasets.changed', payload: { dataset: dataset.id } });
    const { accounting, rejectKinds, rejects, notes } = imported;
    return { run: id, accounting, rejectKinds, rejects, notes };
  });
}

/** One transaction: the run is there with everything that belongs to it, or not at all. */
function store(
  { database, versions }: EngineContext,
  { name, label, form, seed, path }: Asked,
  dataset: string,
  refit: boolean,
  { evaluation, rule, split, notes, hash, seconds }: ImportedRun,
): string {
  const id = randomUUID();
  const { key, dataset: found } = findDataset(database, dataset);
  // Without a seed of its own each file is a configuration of its own; with one, files of one label are a group.
  const parameters: Parameters = {
    label: label ?? name,
    from: form,
    ...(seed === null && { file: `${basename(path).slice(0, 100)} ${hash.slice(0, 16)}` }),
  };
  const config: RunConfig = {
    ...{ model: IMPORTED, preset: null, parameters, split: split.config, evaluation: rule },
    ...{ seed: seed ?? 1, refit, compute: 'auto', threads: null },
  };
  const target = targetIn(evaluation.metrics, rule.target);
  database
    .transaction(() => {
      const run = insertRun(database, {
        ...{ id, name, dataset: key, fingerprint: found.fingerprint, config, parameters, target },
        ...{ epochs: 0, group: null, versions },
      });
      storeResult(database, run, findRun(database, id).run, {
        split,
        result: {
          ...{ compute: null, target, epochs: [], bestEpoch: null, notes, test: evaluation, weights: {} },
          metrics: { validation: {}, test: evaluation.metrics },
          seconds: { train: 0, evaluate: seconds },
          ...{ examplesPerSecond: null, peakMemoryMb: null, cost: null, endKept: false },
        },
      });
    })
    .immediate();
  return id;
}

/** The figure that speaks for the run: the one asked for where it is there, else RMSE or NDCG. */
function targetIn(metrics: Readonly<Record<string, number>>, wanted: string | null): string {
  const known = sortMetricKeys(Object.keys(metrics));
  const preferred = [wanted, 'rmse', 'ndcg@10'].find((key) => key !== null && known.includes(key));
  return preferred ?? known.find((key) => key.startsWith('ndcg@')) ?? known[0] ?? 'ndcg@10';
}

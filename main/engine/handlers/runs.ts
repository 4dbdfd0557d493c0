import { randomUUID } from 'node:crypto';
import type { RunConfig } from '../../../shared/config.ts';
import type { Handlers, Run } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../errors.ts';
import { findModel, models } from '../../models/registry.ts';
import { findDataset } from '../../store/datasets.ts';
import {
  deleteRun,
  epochsOf,
  findRun,
  insertRun,
  listRuns,
  logOf,
  type StoredRun,
  updateRun,
} from '../../store/runs.ts';
import { resolveParameters } from '../../trainer/parameters.ts';
import { targetOf } from '../../trainer/targets.ts';
import type { EngineContext } from '../context.ts';
import { exportRunFiles } from '../exports.ts';
import { predictCost } from '../prediction.ts';
import { nameOf } from '../run-names.ts';

type RunMethods = Extract<keyof Handlers, `runs.${string}`>;

/** A run with what the registry knows of its model. A model that this version lacks keeps its name. */
export function toRun(run: StoredRun): Run {
  const model = findModel(run.model);
  return {
    ...run,
    modelTitle: model?.title ?? run.model,
    kind: model?.kind ?? 'ranking',
    baseline: model?.baseline ?? false,
  };
}

/** Runs: start, watch, stop, keep in order. */
export function runHandlers(context: EngineContext): Pick<Handlers, RunMethods> {
  const { database, events, queue, versions, loaded } = context;
  const changed = (run: string): void => events.emit({ event: 'runs.changed', payload: { run } });
  const edit = (idOrName: string, changes: Parameters<typeof updateRun>[2]): Run => {
    const { key, run } = findRun(database, idOrName);
    updateRun(database, key, changes);
    changed(run.id);
    return toRun(findRun(database, run.id).run);
  };

  return {
    'runs.list'({ dataset, archived }) {
      const key = dataset === null ? null : findDataset(database, dataset).key;
      return listRuns(database, { dataset: key, archived }).map(({ run }) => toRun(run));
    },
    'runs.get'({ run: idOrName }) {
      const { key, run } = findRun(database, idOrName);
      return { run: toRun(run), epochs: epochsOf(database, key), log: logOf(database, key) };
    },
    'runs.predict': ({ dataset, config }) => predictCost(database, dataset, config),

    'runs.start'({ dataset: idOrName, configs, name, group }) {
      const { key: dataset, dataset: found } = findDataset(database, idOrName);
      // All are checked before the first is stored.
      const checked = configs.map((config) => {
        const model = modelOf(config);
        return { config, model, parameters: resolveParameters(model, config.parameters) };
      });
      const runs = checked.map(({ config, model, parameters }) => {
        const id = randomUUID();
        insertRun(database, {
          id,
          name: name ?? nameOf(model, parameters, config),
          dataset,
          fingerprint: found.fingerprint,
          config,
          parameters,
          target: targetOf(model, config.evaluation, found.implicit),
          epochs: model.iterative && typeof parameters.epochs === 'number' ? parameters.epochs : 1,
          group,
          versions,
        });
        return id;
      });
      for (const run of runs) {
        queue.add(run);
        changed(run);
      }
      events.emit({ event: 'datasets.changed', payload: { dataset: found.id } });
      return { runs };
    },

    'runs.stop'({ run, when }) {
      queue.stop(findRun(database, run).run.id, when);
      return {};
    },
    'runs.resume'({ run: idOrName }) {
      const { key, run } = findRun(database, idOrName);
      if (run.status !== 'interrupted') {
        throw new WorkbenchError(
          'not-interrupted',
          `Run "${run.name}" is ${run.status}, not interrupted.`,
          'Clone it to train it anew.',
        );
      }
      updateRun(database, key, { status: 'queued', error: null, finishedAt: null });
      queue.add(run.id);
      changed(run.id);
      return toRun(findRun(database, run.id).run);
    },
    'runs.rename': ({ run, name }) => edit(run, { name }),
    'runs.note': ({ run, note }) => edit(run, { note }),
    'runs.tag'({ runs, tags }) {
      for (const run of runs) edit(run, { tags });
      return {};
    },
    'runs.archive'({ runs, archived }) {
      for (const run of runs) edit(run, { archived });
      return {};
    },
    'runs.delete'({ runs }) {
      const found = runs.map((run) => findRun(database, run));
      const active = found.find(({ run }) => queue.isActive(run.id));
      if (active) {
        throw new WorkbenchError(
          'run-active',
          `Run "${active.run.name}" is ${active.run.status}, so it cannot be deleted.`,
          'Stop it first.',
        );
      }
      for (const { key } of found) deleteRun(database, key);
      for (const { run } of found) changed(run.id);
      events.emit({ event: 'datasets.changed', payload: { dataset: null } });
      return {};
    },
    'runs.export': ({ run, files }) => exportRunFiles(database, loaded, run, files),
  };
}

function modelOf(config: RunConfig): (typeof models)[number] {
  const model = findModel(config.model);
  if (model) return model;
  throw new WorkbenchError(
    'unknown-model',
    `There is no model "${config.model}".`,
    `There are: ${models.map(({ name }) => name).join(', ')}.`,
  );
}

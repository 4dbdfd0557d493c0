import type { Handlers, Run } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findModel } from '../../models/registry.ts';
import { findDataset } from '../../store/datasets.ts';
import {
  deleteRun,
  epochsOf,
  findRun,
  listRuns,
  logOf,
  type StoredRun,
  updateRun,
} from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { exportRunFiles } from '../inspect/exports.ts';
import { deleting } from '../room.ts';
import { overTime } from '../runs/over-time.ts';
import { predictCosts } from '../runs/prediction.ts';
import { startRuns } from '../runs/starting.ts';
import { Versus } from '../compare/versus.ts';

type RunMethods = Extract<keyof Handlers, `runs.${string}`>;

/** A run with what the registry knows of its model. A model that this version lacks keeps its name. */
export function toRun(run: StoredRun): Run {
  const model = findModel(run.model);
  return {
    ...run,
    modelTitle: model?.title ?? run.model,
    kind: model?.kind ?? 'ranking',
    baseline: model?.baseline ?? false,
    seedless: model?.seedless ?? false,
  };
}

/** Runs: start, watch, stop, keep in order. */
export function runHandlers(context: EngineContext): Pick<Handlers, RunMethods> {
  const { dataDir, database, events, queue, loaded } = context;
  const versus = new Versus(database);
  const changed = (run: string): void => events.emit({ event: 'runs.changed', payload: { run } });
  const edit = (idOrName: string, changes: Parameters<typeof updateRun>[2]): Run => {
    const { key, run } = findRun(database, idOrName);
    updateRun(database, key, changes);
    changed(run.id);
    return toRun(findRun(database, run.id).run);
  };

  return {
    'runs.list'({ dataset, archived, after, limit }) {
      const key = dataset === null ? null : findDataset(database, dataset).key;
      return listRuns(database, { dataset: key, archived, after, limit }).map(({ run }) => toRun(run));
    },
    'runs.get'({ run: idOrName }) {
      const { key, run } = findRun(database, idOrName);
      return { run: toRun(run), epochs: epochsOf(database, key), log: logOf(database, key) };
    },
    'runs.predict': ({ dataset, configs }) => predictCosts(database, dataset, configs),

    'runs.overTime': (wanted) => overTime(database, loaded, wanted),
    'runs.versus': (wanted) => versus.test(wanted),
    'runs.start': (wanted) => ({ runs: startRuns(context, wanted) }),
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
      deleting(dataDir, database, () => {
        for (const { key } of found) deleteRun(database, key);
      });
      for (const { run } of found) changed(run.id);
      events.emit({ event: 'datasets.changed', payload: { dataset: null } });
      return {};
    },
    'runs.export': (wanted) => exportRunFiles(database, loaded, wanted),
  };
}

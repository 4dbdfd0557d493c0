import type { Handlers, Run } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findDataset } from '../../store/datasets.ts';
import {
  deleteRuns,
  epochsOf,
  findAnyRun,
  findRun,
  listRuns,
  logOf,
  type StoredRun,
  updateRun,
} from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { exportRunFiles } from '../inspect/exports.ts';
import { deleting } from '../room.ts';
import { startImportingRun } from '../runs/imported-runs.ts';
import { overTime } from '../runs/over-time.ts';
import { predictCosts } from '../runs/prediction.ts';
import { continueRun } from '../runs/continuing.ts';
import { addSeeds } from '../runs/more-seeds.ts';
import { toRun } from '../runs/shown.ts';
import { startMissing, startRuns } from '../runs/starting.ts';
import { pinRun, unpinned } from '../compare/pins.ts';
import { Versus } from '../compare/versus.ts';

type RunMethods = Exclude<Extract<keyof Handlers, `runs.${string}`>, 'runs.rerun' | 'runs.exportWeights'>;

/** Methods that start, list, stop, rename, archive and delete runs. */
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
  /** All of them, or where one does not exist none. */
  const editAll = (runs: readonly string[], changes: Parameters<typeof updateRun>[2]): void => {
    const found = runs.map((run) => findRun(database, run));
    database.transaction(() => found.forEach(({ key }) => updateRun(database, key, changes))).immediate();
    for (const { run } of found) changed(run.id);
  };
  /** Runs that neither wait nor train. */
  const idle = (runs: readonly string[]): { key: number; run: StoredRun }[] => {
    const found = runs.map((run) => findRun(database, run));
    const active = found.find(({ run }) => queue.isActive(run.id));
    if (!active) return found;
    const { name, status } = active.run;
    throw new WorkbenchError(
      'run-active',
      `Run "${name}" is ${status}, so it cannot be deleted.`,
      'Stop it first.',
    );
  };

  return {
    'runs.list'({ dataset, archived, after, limit }) {
      const key = dataset === null ? null : findDataset(database, dataset).key;
      return listRuns(database, { dataset: key, archived, after, limit }).map(({ run }) => toRun(run));
    },
    'runs.get'({ run: idOrName }) {
      const { key, run, isShown } = findAnyRun(database, idOrName);
      // Its curve can be watched; what was tested is seen at the end of its sweep.
      const seen = isShown ? run : { ...run, metrics: { ...run.metrics, test: {} }, interval: null };
      return { run: toRun(seen), epochs: epochsOf(database, key), log: logOf(database, key) };
    },
    'runs.predict': ({ dataset, configs }) => predictCosts(database, dataset, configs),

    'runs.overTime': (wanted) => overTime(database, loaded, wanted),
    'runs.versus': (wanted) => versus.test(wanted),
    'runs.import': (wanted) => ({ job: startImportingRun(context, wanted) }),
    'runs.pin'({ run, pinned: wanted }) {
      const { pinned, changed: ids } = pinRun(database, run, wanted);
      ids.forEach(changed);
      return { pinned };
    },
    'runs.start': (wanted) =>
      wanted.again ? { runs: startRuns(context, wanted), already: [] } : startMissing(context, wanted),
    'runs.addSeeds': (wanted) => addSeeds(context, wanted),
    'runs.stop'({ run, when }) {
      queue.stop(findAnyRun(database, run).run.id, when);
      return {};
    },
    'runs.resume'({ run: idOrName }) {
      const { key, run } = findRun(database, idOrName);
      if (run.status !== 'interrupted' && run.status !== 'cancelled') {
        throw new WorkbenchError(
          'not-interrupted',
          `Run "${run.name}" is ${run.status}: only what was interrupted or stopped goes on.`,
          'Clone it to train it again.',
        );
      }
      updateRun(database, key, { status: 'queued', error: null, finishedAt: null });
      queue.add(run.id);
      changed(run.id);
      return toRun(findRun(database, run.id).run);
    },
    'runs.continue': (wanted) => toRun(findRun(database, continueRun(context, wanted)).run),
    'runs.rename': ({ run, name }) => edit(run, { name }),
    'runs.note': ({ run, note }) => edit(run, { note }),
    'runs.tag'({ runs, tags }) {
      editAll(runs, { tags });
      return {};
    },
    'runs.archive'({ runs, archived }) {
      editAll(runs, { archived });
      return {};
    },
    'runs.trash'({ runs, trashed }) {
      const found = trashed ? idle(runs) : runs.map((run) => findRun(database, run));
      for (const { key, run } of found) {
        updateRun(database, key, { trashed, ...(trashed && { pinned: false }) });
        changed(run.id);
      }
      return trashed ? unpinned(found) : { unpinned: [] };
    },
    'runs.delete'({ runs }) {
      const found = idle(runs);
      const keys = found.map(({ key }) => key);
      deleting(dataDir, database, () => deleteRuns(database, keys));
      for (const { run } of found) changed(run.id);
      events.emit({ event: 'datasets.changed', payload: { dataset: null } });
      return unpinned(found);
    },
    'runs.export': (wanted) => exportRunFiles(database, loaded, wanted),
  };
}

/** Answers that depend on what happened before: lists that change, runs that learn. All others are as recorded. */
import type {
  Checked,
  Dataset,
  Epoch,
  Job,
  Method,
  Result,
  Run,
  WorkbenchEvent,
} from '../../shared/contract.ts';
import type { SweepDetail } from '../../shared/sweeps.ts';
import type { Command } from '../../shared/host.ts';
import { WorkbenchError } from '../../renderer/transport/host.ts';
import { answered, closest } from './recordings.ts';
import { newlyQueued, standingDatasets, standingRuns } from './standing.ts';
import { standingSweeps, stillTuning, sweepOf } from './standing-sweeps.ts';

export interface StandInOptions {
  /** Nothing is there yet: the first start. */
  empty?: boolean;
  /** This many runs more than the standing ones. */
  extraRuns?: number;
  /** Trials of a sweep of its own; 0: none. */
  trials?: number;
  /** That sweep goes on. */
  sweeping?: boolean;
  /** Every other run was tested on another split. */
  unlike?: boolean;
  /** Milliseconds between epochs of running runs; 0: they stand still, as pictures want. */
  tick?: number;
  theme?: 'light' | 'dark' | 'system';
  /** The tournament is still tuning, with minutes as its budget. */
  contest?: boolean;
  /** The connection is lost as soon as the window has read everything. */
  offline?: boolean;
  /** What the system asks of the window. */
  commands?: readonly Command[];
  /** Methods that always fail. */
  refused?: readonly string[];
}

export type Overrides = { [M in Method]?: (params: Checked<M>) => Result<M> };

export function overrides(options: StandInOptions, emit: (event: WorkbenchEvent) => void): Overrides {
  const runs = new Map(
    options.empty
      ? []
      : standingRuns(options.extraRuns).map((run, at) => [
          run.id,
          options.unlike && at % 2 === 1 && run.split
            ? { ...run, split: { ...run.split, hash: 'other' } }
            : run,
        ]),
  );
  let datasets = options.empty ? [] : standingDatasets();
  let settings = { ...answered('settings.get'), theme: options.theme ?? 'system' };
  const sweeps = options.empty
    ? new Map<string, SweepDetail>()
    : standingSweeps(options.trials ?? 0, options.sweeping ?? false);
  if (options.contest)
    for (const [id, detail] of sweeps)
      if (detail.summary.kind === 'tournament') sweeps.set(id, stillTuning(detail));
  const sweepOfId = (id: string): SweepDetail => sweeps.get(id) ?? missing(`There is no sweep ${id}.`);
  const changeSweep = (id: string, detail: SweepDetail | null): Record<string, never> => {
    if (detail) sweeps.set(id, detail);
    else sweeps.delete(id);
    emit({ event: 'sweeps.changed', payload: { sweep: id } });
    return {};
  };
  const runOf = (id: string): Run => runs.get(id) ?? missing(`There is no run ${id}.`);
  const change = (id: string, changes: Partial<Run>): Run => {
    const run = { ...runOf(id), ...changes };
    runs.set(id, run);
    emit({ event: 'runs.changed', payload: { run: id } });
    return run;
  };
  const changeAll = (ids: readonly string[], changes: Partial<Run>): Record<string, never> => {
    for (const id of ids) change(id, changes);
    return {};
  };
  const changeDataset = (id: string, changes: Partial<Dataset>): Dataset => {
    const dataset = datasets.find((one) => one.id === id) ?? missing(`There is no data set ${id}.`);
    const changed = { ...dataset, ...changes };
    datasets = datasets.map((one) => (one === dataset ? changed : one));
    emit({ event: 'datasets.changed', payload: { dataset: id } });
    return changed;
  };
  const state = (): Result<'engine.state'> => {
    const run = [...runs.values()].find(({ status }) => status === 'running');
    const now = answered('engine.state');
    return run ? { ...now, status: 'running', progress: run.epoch / run.epochs } : now;
  };
  /** Each running run has its next epoch. */
  const learn = (): void => {
    for (const run of runs.values()) {
      if (run.status !== 'running') continue;
      const epoch = epochOf(run, run.epoch + 1);
      const now = { ...run, epoch: epoch.epoch, loss: epoch.loss, bestEpoch: epoch.epoch };
      runs.set(run.id, { ...now, metrics: { ...run.metrics, validation: epoch.validation } });
      emit({ event: 'run.epoch', payload: { run: run.id, epoch } });
      emit({ event: 'jobs.changed', payload: jobOf(now) });
      emit({ event: 'engine.changed', payload: state() });
    }
  };
  if (options.tick) setInterval(learn, options.tick);

  return {
    'engine.state': state,
    'settings.get': () => settings,
    'settings.set': ({ settings: changes }) => {
      settings = { ...settings, ...changes };
      emit({ event: 'settings.changed', payload: settings });
      return settings;
    },
    'jobs.list': () => [
      ...recordedJobs.filter(({ kind }) => kind === 'tournament' || kind === 'trial'),
      ...[...runs.values()].filter(({ status }) => status === 'running' || status === 'queued').map(jobOf),
    ],
    'datasets.list': ({ archived }) => datasets.filter((dataset) => archived || !dataset.archived),
    'datasets.rename': ({ dataset, name }) => changeDataset(dataset, { name }),
    'datasets.archive': ({ dataset, archived }) => changeDataset(dataset, { archived }),
    'datasets.delete': ({ dataset, withRuns }) => {
      const refusal = closest('datasets.delete', { dataset, withRuns })?.error;
      if (refusal && !withRuns) throw new WorkbenchError(refusal);
      datasets = datasets.filter(({ id }) => id !== dataset);
      emit({ event: 'datasets.changed', payload: { dataset } });
      return {};
    },
    'runs.list': ({ dataset, archived, after, limit }) =>
      [...runs.values()]
        .filter(
          (run) => run.number > after && (archived || !run.archived) && (!dataset || run.dataset === dataset),
        )
        .slice(0, limit ?? undefined),
    'runs.get': ({ run: id }) => {
      const run = runOf(id);
      return {
        run,
        epochs: Array.from({ length: run.epoch }, (_, at) => epochOf(run, at + 1)),
        log: answered('runs.get', { run: id }).log,
      };
    },
    'runs.start': ({ configs, name }) => ({
      already: [],
      runs: configs.map(({ model, parameters, seed }) => {
        const number = Math.max(0, ...[...runs.values()].map((run) => run.number)) + 1;
        const run = newlyQueued(number, model, { name: name ?? `${model} ${number}`, parameters, seed });
        runs.set(run.id, run);
        emit({ event: 'runs.changed', payload: { run: run.id } });
        return run.id;
      }),
    }),
    'runs.addSeeds': ({ run: id, count }) => {
      const run = runOf(id);
      const first = Math.max(...[...runs.values()].map((one) => one.seed)) + 1;
      const next = Math.max(...[...runs.values()].map((one) => one.number)) + 1;
      const made = Array.from({ length: count }, (_, k) =>
        newlyQueued(next + k, run.model, {
          ...{ name: `${run.name} seed ${first + k}`, parameters: run.parameters, seed: first + k },
        }),
      );
      for (const one of made) runs.set(one.id, one);
      return { runs: made.map((one) => one.id), seeds: made.map((one) => one.seed) };
    },
    'sweeps.list': ({ dataset }) =>
      [...sweeps.values()]
        .map(({ summary }) => summary)
        .filter((summary) => !dataset || summary.dataset === dataset),
    'sweeps.get': ({ sweep }) => sweepOfId(sweep),
    'sweeps.start': () => {
      const started = sweepOf(3, true);
      changeSweep(started.summary.id, started);
      return { sweep: started.summary.id, job: started.summary.id };
    },
    'sweeps.stop': ({ sweep }) => {
      const { summary, ...detail } = sweepOfId(sweep);
      return changeSweep(sweep, { ...detail, summary: { ...summary, status: 'cancelled' } });
    },
    'sweeps.delete': ({ sweep }) => changeSweep(sweep, null),
    'runs.stop': ({ run }) => changeAll([run], { status: 'cancelled' }),
    'runs.resume': ({ run }) => change(run, { status: 'running' }),
    'runs.continue': ({ run: id, epochs }) => {
      const run = runOf(id);
      const next = Math.max(...[...runs.values()].map((one) => one.number)) + 1;
      const made = newlyQueued(next, run.model, {
        ...{ name: `${run.name} to epoch ${run.epoch + (epochs ?? run.epoch)}`, parameters: run.parameters },
        seed: run.seed,
      });
      runs.set(made.id, made);
      return made;
    },
    'runs.rename': ({ run, name }) => change(run, { name }),
    'runs.tag': ({ runs: ids, tags }) => changeAll(ids, { tags }),
    'runs.note': ({ run, note }) => change(run, { note }),
    'runs.archive': ({ runs: ids, archived }) => changeAll(ids, { archived }),
    'runs.pin': ({ run: id, pinned }) => {
      for (const other of runs.values()) if (other.pinned) change(other.id, { pinned: false });
      change(id, { pinned });
      return { pinned: pinned ? id : null };
    },
    'runs.trash': ({ runs: ids, trashed }) => {
      changeAll(ids, { trashed });
      return { unpinned: [] };
    },
    'runs.delete': ({ runs: ids }) => {
      for (const run of ids) {
        runs.delete(run);
        emit({ event: 'runs.changed', payload: { run } });
      }
      return { unpinned: [] };
    },
    // Another engine would have to go on with the recording.
    'engine.restart': () => ({ interrupted: [], queued: [] }),
    'storage.move': () => answered('storage.backup'),
    // Nothing is fetched.
    'updates.look': () => ({
      outcome: 'newer',
      latest: '9.0.0',
      detail: 'Version 9.0.0 is out; this is 0.1.0.',
    }),
    // Any runs may be looked at side by side: each gets one of the recorded lists.
    'inspect.user': (asked) => {
      const view = answered('inspect.user', asked);
      const lists = asked.runs.map((run, at) => ({ ...view.lists[at % view.lists.length], run }));
      return { ...view, lists };
    },
    // A download is never recorded: it would need the network.
    'movielens.get': () => answered('datasets.sample'),
  };
}

function missing(message: string): never {
  throw new WorkbenchError({ code: 'not-found', message, hint: 'Choose another.' });
}

/** An epoch as recorded of the run, or of the one that is most like it; after the last come the same again. */
function epochOf({ id }: Run, epoch: number): Epoch {
  const { epochs } = answered('runs.get', { run: id });
  return { ...epochs[(epoch - 1) % epochs.length], epoch };
}

const recordedJobs = answered('jobs.list');
const recordedJob = recordedJobs.find(({ kind }) => kind === 'run');

function jobOf({ id, name, status, epoch, epochs }: Run): Job {
  if (!recordedJob) throw new Error('No job of a run was recorded.');
  const queued = status === 'queued';
  return {
    ...recordedJob,
    id,
    title: name,
    status: queued ? 'queued' : 'running',
    done: epoch,
    total: epochs,
    secondsLeft: queued ? null : 3,
  };
}

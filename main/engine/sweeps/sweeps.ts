/** All sweeps and tournaments of a data folder: started, stopped, extended, taken up again. */
import { randomUUID } from 'node:crypto';
import type { Checked, SweepDetail, SweepSummary } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findModel } from '../../models/registry.ts';
import { findDataset } from '../../store/datasets.ts';
import { deleteRuns } from '../../store/runs.ts';
import {
  deleteSweep,
  finalRuns,
  findSweep,
  insertSweep,
  interruptSweeps,
  listSweeps,
  type StoredSweep,
  updateSweep,
} from '../../store/sweeps.ts';
import { deleting } from '../room.ts';
import { type Plan, planSweep, planTournament } from './sweep-plan.ts';
import { isTested } from './outcome.ts';
import { SweepRunner } from './runner.ts';
import type { SweepContext } from './sweep-context.ts';
import { summaryOf } from './view.ts';

type Started = { readonly sweep: string; readonly job: string };

export class Sweeps {
  readonly #context: SweepContext & { readonly dataDir: string };
  readonly #running = new Map<string, SweepRunner>();

  constructor(context: SweepContext & { readonly dataDir: string }) {
    this.#context = context;
    interruptSweeps(context.database);
  }

  /** @throws WorkbenchError as `planSweep` */
  start(asked: Checked<'sweeps.start'>): Started {
    const { key, dataset } = findDataset(this.#context.database, asked.dataset);
    const plan = planSweep(asked, dataset, asked.parallel ?? this.#context.queue.parallel);
    const { model } = plan.entries[0];
    return this.#begin('sweep', asked.name ?? `${findModel(model)?.title ?? model} sweep`, key, plan);
  }

  /** @throws WorkbenchError as `planTournament` */
  tournament(asked: Checked<'sweeps.tournament'>): Started {
    const { key, dataset } = findDataset(this.#context.database, asked.dataset);
    return this.#begin(
      'tournament',
      asked.name ?? `Tournament on ${dataset.name}`,
      key,
      planTournament(asked, dataset),
    );
  }

  list(dataset: string | null): SweepSummary[] {
    const { database } = this.#context;
    const key = dataset === null ? null : findDataset(database, dataset).key;
    return listSweeps(database, { dataset: key }).map(summaryOf);
  }

  /** Seconds until tuning and all of it ends; null where it does not run, or time is no budget. */
  timeLeft(idOrName: string): SweepDetail['timeLeft'] {
    const { id } = findSweep(this.#context.database, idOrName);
    return this.#running.get(id)?.timeLeft ?? null;
  }

  /** @throws WorkbenchError `not-running` */
  stop(idOrName: string, when: 'finish' | 'now'): void {
    const sweep = findSweep(this.#context.database, idOrName);
    const runner = this.#running.get(sweep.id);
    if (!runner)
      throw new WorkbenchError(
        'not-running',
        `"${sweep.name}" is ${sweep.status}: there is nothing to stop.`,
        'The command sweeps lists what is running.',
      );
    if (when === 'finish') runner.finish();
    else this.#context.jobs.cancel(sweep.id);
  }

  /**
   * More trials or minutes, for one that runs or one that was left.
   * @throws WorkbenchError `already-tested` where the test figures are known, or about to be: what is tried after that
   *   would be chosen with them in mind
   */
  extend({ sweep: idOrName, trials, minutes }: Checked<'sweeps.extend'>): Started {
    const { database } = this.#context;
    const sweep = findSweep(database, idOrName);
    const runner = this.#running.get(sweep.id);
    if (isTested(sweep))
      throw new WorkbenchError(
        'already-tested',
        `"${sweep.name}" has been tested: what is tried now would be chosen by people who know its test figures.`,
        'Start another one, on another split where you can.',
      );
    if (runner && sweep.stage === 'final')
      throw new WorkbenchError(
        'already-tested',
        `The best of "${sweep.name}" are being tested: nothing more is tried.`,
        'Stop it now to try more before anything was tested, or start another one.',
      );
    const before = sweep.plan as Plan;
    const { budget } = before;
    const plan: Plan = {
      ...before,
      budget: {
        trials: budget.trials === null ? null : budget.trials + trials,
        minutes: budget.minutes === null ? null : budget.minutes + minutes,
      },
    };
    updateSweep(database, sweep.key, { plan });
    if (runner) runner.extend(plan);
    else {
      if (sweep.stage === 'done') this.#backToTuning(sweep);
      this.#run(findSweep(database, sweep.id));
    }
    return { sweep: sweep.id, job: sweep.id };
  }

  /** Another configuration may be the best then: runs at the end that came to nothing are made anew. */
  #backToTuning({ key }: StoredSweep): void {
    const { database } = this.#context;
    const untested = finalRuns(database, key).map((run) => run.key);
    deleteRuns(database, untested);
    updateSweep(database, key, { stage: 'tuning', outcome: null });
  }

  /** Its trials go with it; the runs at its end stay. @throws WorkbenchError `sweep-active` */
  delete(idOrName: string): void {
    const { database, dataDir, events } = this.#context;
    const sweep = findSweep(database, idOrName);
    if (this.#running.has(sweep.id))
      throw new WorkbenchError(
        'sweep-active',
        `"${sweep.name}" is running, so it cannot be deleted.`,
        'Stop it first.',
      );
    deleting(dataDir, database, () => deleteSweep(database, sweep.key));
    events.emit({ event: 'sweeps.changed', payload: { sweep: sweep.id } });
  }

  /** Goes on with what the last engine left: the windows' engine does. */
  resume(): void {
    for (const sweep of listSweeps(this.#context.database, { status: 'interrupted' })) this.#run(sweep);
  }

  #begin(kind: StoredSweep['kind'], name: string, dataset: number, plan: Plan): Started {
    const { database } = this.#context;
    const id = randomUUID();
    insertSweep(database, { id, name: this.#freeName(name), kind, dataset, plan });
    this.#run(findSweep(database, id));
    return { sweep: id, job: id };
  }

  /** A name of its own: what comes of it is called after it. */
  #freeName(wanted: string): string {
    const taken = new Set(listSweeps(this.#context.database).map(({ name }) => name));
    for (let k = 1; ; k++) {
      const name = k === 1 ? wanted : `${wanted} ${k}`;
      if (!taken.has(name)) return name;
    }
  }

  #run(sweep: StoredSweep): void {
    this.#context.jobs.start({ kind: sweep.kind, title: sweep.name, id: sweep.id }, async (control) => {
      const runner = new SweepRunner(this.#context, sweep, control);
      this.#running.set(sweep.id, runner);
      try {
        return await runner.run();
      } finally {
        this.#running.delete(sweep.id);
      }
    });
  }
}

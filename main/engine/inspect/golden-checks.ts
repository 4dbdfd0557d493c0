/** Checks every run against the golden users of its data set as soon as it is finished, and keeps what came of it. */
import type { GoldenCheck } from '../../../shared/golden.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { WritableDatabase } from '../../store/database.ts';
import {
  listGolden,
  readGoldenResults,
  type StoredGolden,
  uncheckedGolden,
  writeGoldenResults,
} from '../../store/golden.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun, listRuns } from '../../store/runs.ts';
import type { Events } from '../events.ts';
import type { Inspector } from '../inspector.ts';

/** A new golden user is checked against so many of the latest runs at once; the others when they are asked for. */
const MOST_RUNS = 50;

export class GoldenChecks {
  readonly #database: WritableDatabase;
  readonly #events: Events;
  readonly #inspector: Inspector;
  #turn: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(database: WritableDatabase, events: Events, inspector: Inspector) {
    this.#database = database;
    this.#events = events;
    this.#inspector = inspector;
    events.subscribe(({ event, payload }) => {
      if (event === 'runs.changed') this.#afterChange(payload.run);
    });
  }

  /** Ends with the check that is under way. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#turn;
  }

  /** Checks a run against all golden users. @throws WorkbenchError `run-missing`, `run-unfinished` */
  async check(idOrName: string): Promise<GoldenCheck> {
    const { run } = findRun(this.#database, idOrName);
    if (run.status !== 'finished')
      throw new WorkbenchError(
        'run-unfinished',
        `Run "${run.name}" is ${run.status}.`,
        'Wait until it has finished.',
      );
    const { key: dataset } = findDataset(this.#database, run.dataset);
    await this.#store(run.id, listGolden(this.#database, dataset));
    return this.results(run.id);
  }

  /** What is there already. */
  results(idOrName: string): GoldenCheck {
    const { key, run } = findRun(this.#database, idOrName);
    const results = readGoldenResults(this.#database, key);
    const passed = results.filter(({ pass }) => pass === true).length;
    const failed = results.filter(({ pass }) => pass === false).length;
    return { run: run.id, passed, failed, results };
  }

  /** After a golden user was added: of the latest finished runs. */
  checkLatest(dataset: number): void {
    const finished = listRuns(this.#database, { dataset, status: 'finished' });
    for (const { run } of finished.slice(-MOST_RUNS).toReversed()) this.#later(run.id);
  }

  #afterChange(id: string): void {
    // Nearly always there is none, and then nothing is asked of the thread.
    if (this.#database.prepare('SELECT 1 FROM golden LIMIT 1').get()) this.#later(id);
  }

  #later(id: string): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#closing) return;
      try {
        const { key, run } = findRun(this.#database, id);
        const unchecked = run.status === 'finished' ? uncheckedGolden(this.#database, key) : [];
        if (unchecked.length > 0) await this.#store(id, unchecked);
      } catch (error) {
        // The run was deleted meanwhile, or the disk is full: it stays unchecked, and the windows show that.
        if (!(error instanceof WorkbenchError && error.code === 'run-missing'))
          process.stderr.write(`Golden users of run ${id} were not checked: ${String(error)}\n`);
      }
    });
  }

  async #store(id: string, golden: readonly StoredGolden[]): Promise<void> {
    const results = await this.#inspector.golden(id, golden);
    const { key } = findRun(this.#database, id);
    writeGoldenResults(this.#database, key, results);
    this.#events.emit({ event: 'runs.changed', payload: { run: id } });
  }
}

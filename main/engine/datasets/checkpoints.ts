/**
 * While a large data set is stored, the database's log is copied into the database by a thread of its own: SQLite would do
 * it on the engine's, which answers meanwhile, for a tenth of a second at a time.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { CheckpointMode, WritableDatabase } from '../../store/database.ts';

/** Pages of the log after which SQLite copies by itself: its default. */
const usual = 1000;

const source = import.meta.url.endsWith('.ts');
const candidates = source
  ? ['../../entries/checkpoint-thread.ts']
  : ['./checkpoint-thread.js', '../checkpoint-thread.js'];

export class Checkpoints {
  readonly #database: WritableDatabase;
  readonly #worker: Worker;
  #running: Promise<void> = Promise.resolve();

  /** Null where there is no file to copy into, or no thread. */
  static open(database: WritableDatabase): Checkpoints | null {
    const file = candidates.map((name) => new URL(name, import.meta.url)).find((url) => existsSync(url));
    if (!file || database.memory) return null;
    return new Checkpoints(database, new Worker(file, { workerData: database.name, execArgv: [] }));
  }

  private constructor(database: WritableDatabase, worker: Worker) {
    this.#database = database;
    this.#worker = worker;
    // Nothing is lost where the thread ends early: SQLite copies by itself again.
    worker.on('error', () => this.#restore());
    worker.on('exit', () => this.#restore());
    worker.unref();
    database.pragma('wal_autocheckpoint = 0');
  }

  /** Begins to copy what the log holds; resolves when the copying that was asked for before has ended. */
  async next(): Promise<void> {
    await this.#running;
    this.#running = this.#ask('PASSIVE');
  }

  /** Copies all that is left, gives the log's room back, and ends the thread. */
  async close(): Promise<void> {
    await this.next();
    await this.#running;
    // It keeps writers out while it lasts: nothing is left to be copied by then.
    await this.#ask('TRUNCATE');
    this.#restore();
    await this.#ask('end');
  }

  #ask(mode: CheckpointMode | 'end'): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#worker.off('message', end).off('exit', end);
        resolve();
      };
      // A thread that has ended answers nothing, and is asked no more.
      if (this.#worker.threadId < 0) return resolve();
      this.#worker.on('message', end).on('exit', end);
      this.#worker.ref();
      this.#worker.postMessage(mode);
    });
  }

  #restore(): void {
    if (this.#database.open) this.#database.pragma(`wal_autocheckpoint = ${usual}`);
  }
}

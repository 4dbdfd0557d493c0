import { randomUUID } from 'node:crypto';
import type { Job } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { Events } from './events.ts';
import { toErrorShape } from './failures.ts';

/** What long work sees of its job. */
export interface JobControl {
  readonly id: string;
  readonly signal: AbortSignal;
  progress(
    state: Partial<
      Pick<Job, 'done' | 'total' | 'unit' | 'rate' | 'rateUnit' | 'secondsLeft' | 'stage' | 'stopping'>
    >,
  ): void;
  /** The moment that queued work begins. */
  begin(): void;
  /** Queued, or queued once more, and what it waits for. */
  wait(stage: string): void;
}

interface Entry {
  job: Job;
  readonly abort: AbortController;
  readonly settled: Promise<unknown>;
}

/** Ended jobs that stay listed. */
const remembered = 50;
/** Milliseconds between two reports of progress of one job. */
const reportEvery = 100;

/** Id of the data set that work came to, where it came to one. */
function datasetOf(result: unknown): string | null {
  if (typeof result !== 'object' || result === null || !('dataset' in result)) return null;
  const { dataset } = result;
  if (typeof dataset !== 'object' || dataset === null || !('id' in dataset)) return null;
  return typeof dataset.id === 'string' ? dataset.id : null;
}

/** Titles hold names and paths of any length; a list is for people. */
const cut = (title: string): string => (title.length > 300 ? `${title.slice(0, 299)}…` : title);

/** Everything long that runs: progress, cancellation, and the result for whoever waits. */
export class Jobs {
  readonly #entries = new Map<string, Entry>();
  readonly #events: Events;

  constructor(events: Events) {
    this.#events = events;
  }

  list(): Job[] {
    return [...this.#entries.values()].map((entry) => entry.job);
  }

  /** Work that has not ended. */
  get busy(): boolean {
    return this.list().some((job) => job.status === 'running' || job.status === 'queued');
  }

  /**
   * Starts long work at once and returns its job's id. Cancelling aborts the signal; work that rejects afterwards
   * counts as cancelled.
   */
  start<T>(
    job: Pick<Job, 'kind' | 'title'> & { id?: string; queued?: boolean },
    work: (control: JobControl) => Promise<T>,
  ): string {
    const id = job.id ?? randomUUID();
    const abort = new AbortController();
    let reported = 0;
    const update = (changes: Partial<Job>, always: boolean): void => {
      entry.job = { ...entry.job, ...changes };
      const now = performance.now();
      if (!always && now - reported < reportEvery) return;
      reported = now;
      this.#events.emit({ event: 'jobs.changed', payload: entry.job });
    };
    const control: JobControl = {
      id,
      signal: abort.signal,
      progress: (state) => update(state, state.stopping !== undefined),
      begin: () => update({ status: 'running', stage: '', startedAt: Date.now() }, true),
      wait: (stage) => update({ status: 'queued', stage }, true),
    };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    // Whoever waits hears of a failure; a job that nobody waits for fails quietly, in its entry.
    promise.catch(() => undefined);
    const entry: Entry = {
      abort,
      settled: promise,
      job: {
        id,
        kind: job.kind,
        title: cut(job.title),
        status: job.queued ? 'queued' : 'running',
        done: 0,
        total: null,
        unit: '',
        rate: null,
        secondsLeft: null,
        stage: '',
        startedAt: Date.now(),
        endedAt: null,
        dataset: null,
        error: null,
      },
    };
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    this.#forgetOld();
    this.#events.emit({ event: 'jobs.changed', payload: entry.job });
    work(control).then(
      (result) => {
        update({ status: 'done', secondsLeft: 0, endedAt: Date.now(), dataset: datasetOf(result) }, true);
        resolve(result);
      },
      (error: unknown) => {
        const shape = toErrorShape(error);
        const cancelled = abort.signal.aborted;
        update(
          {
            status: cancelled ? 'cancelled' : 'failed',
            endedAt: Date.now(),
            error: cancelled ? null : shape,
          },
          true,
        );
        reject(
          cancelled
            ? new WorkbenchError('cancelled', `${entry.job.title} was cancelled.`, 'Nothing of it was kept.')
            : error,
        );
      },
    );
    return id;
  }

  /** Asks a job to end; does nothing to one that has. @throws WorkbenchError `job-missing` */
  cancel(id: string): void {
    this.#find(id).abort.abort();
  }

  /** The job's result, once it has ended. */
  async wait(id: string): Promise<unknown> {
    return this.#find(id).settled;
  }

  /** Cancels everything and waits for the ends. */
  async close(): Promise<void> {
    for (const entry of this.#entries.values()) entry.abort.abort();
    await Promise.allSettled([...this.#entries.values()].map((entry) => entry.settled));
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new WorkbenchError(
      'job-missing',
      `There is no job ${id}.`,
      'It may have ended before the app was restarted.',
    );
  }

  #forgetOld(): void {
    const ended = [...this.#entries.values()].filter(
      ({ job }) => job.status !== 'running' && job.status !== 'queued',
    );
    const over = Math.max(0, ended.length - remembered);
    // Trials come by the dozen and are listed with their sweep: they are forgotten before others.
    const first = [
      ...ended.filter(({ job }) => job.kind === 'trial'),
      ...ended.filter(({ job }) => job.kind !== 'trial'),
    ];
    for (const { job } of first.slice(0, over)) this.#entries.delete(job.id);
  }
}

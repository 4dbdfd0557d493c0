import type { WritableDatabase } from '../../store/database.ts';
import type { Events } from '../events.ts';
import type { Jobs } from '../jobs.ts';
import type { Queue } from '../runs/queue.ts';

/** What sweeps use of the engine. */
export interface SweepContext {
  readonly database: WritableDatabase;
  readonly events: Events;
  readonly jobs: Jobs;
  readonly queue: Queue;
  /** Finds out beside the engine what a sweep or tournament came to, as it is stored; null where nothing was tested. */
  readonly inspector: { outcome(sweep: string): Promise<unknown> };
  /** Of the app and the libraries that figures depend on. */
  readonly versions: Readonly<Record<string, string>>;
}

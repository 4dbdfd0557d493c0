import { setImmediate as nextTurn } from 'node:timers/promises';
import { WorkbenchError } from '../base/errors.ts';
import type { Stage, TrialCallbacks, TrialProgress } from './trial.ts';

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 100;
/** Milliseconds of work after which messages (stop, cancel) are let in. */
const YIELD_EVERY = 20;

/** Called between pieces of work: reports progress, lets messages in, and rejects when the trial is cancelled. */
export class Ticker {
  readonly #callbacks: TrialCallbacks;
  #reported = 0;
  #yielded = 0;
  #at: TrialProgress = { stage: 'training', epoch: 1, epochs: 1, done: 0, total: 0 };

  constructor(callbacks: TrialCallbacks) {
    this.#callbacks = callbacks;
  }

  /** Asked to stop after the present epoch (or at once). */
  get stopAsked(): boolean {
    return (this.#callbacks.stop?.() ?? 'no') !== 'no';
  }

  /** @throws WorkbenchError `cancelled` */
  async tick(progress: TrialProgress): Promise<void> {
    const now = performance.now();
    this.#at = progress;
    if (now - this.#reported >= REPORT_EVERY) {
      this.#reported = now;
      this.#callbacks.progress?.(progress);
    }
    if (now - this.#yielded >= YIELD_EVERY) {
      await nextTurn();
      this.#yielded = performance.now();
    }
    if (this.#callbacks.stop?.() === 'now')
      throw new WorkbenchError('cancelled', 'The run was cancelled.', '');
  }

  /** The tick of work that counts no examples, such as an evaluation. */
  at(stage: Stage): () => Promise<void> {
    return () => this.tick({ ...this.#at, stage });
  }
}

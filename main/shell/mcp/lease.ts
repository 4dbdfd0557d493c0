/** The engine for as long as somebody uses it, so that a window can have the data folder in between. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Host } from '../../engine/host.ts';

/** Milliseconds without a call after which an idle engine is let go. */
const IDLE = 2000;

/**
 * Opens the engine at the first call, joining a running one. An engine of this process is let go when no call and no job
 * has run for two seconds: who opens a window then finds the folder free, and later calls join the window's engine.
 */
export class Lease {
  readonly #open: () => Promise<Host>;
  readonly #idle: number;
  #host: Promise<Host> | null = null;
  #users = 0;
  #turn = 0;

  constructor(open: () => Promise<Host>, idle = IDLE) {
    this.#open = open;
    this.#idle = idle;
  }

  async use<T>(work: (host: Host) => Promise<T>): Promise<T> {
    this.#users++;
    this.#turn++;
    try {
      this.#host ??= this.#open();
      const opening = this.#host;
      // What could not be opened is tried again by the next call.
      opening.catch(() => {
        if (this.#host === opening) this.#host = null;
      });
      return await work(await opening);
    } finally {
      this.#users--;
      void this.#letGo(this.#turn);
    }
  }

  async #letGo(turn: number): Promise<void> {
    for (;;) {
      await pause(this.#idle, undefined, { ref: false });
      if (this.#users > 0 || turn !== this.#turn || !this.#host) return;
      const host = await this.#host.catch(() => null);
      const jobs = await host?.invoke('jobs.list', {}).catch(() => []);
      if (this.#users > 0 || turn !== this.#turn) return;
      if (jobs?.some(({ status }) => status === 'running' || status === 'queued')) continue;
      await this.close();
      return;
    }
  }

  async close(): Promise<void> {
    const closing = this.#host;
    this.#host = null;
    await (await closing?.catch(() => null))?.close();
  }
}

import type { Answer, ErrorShape, Request, WorkbenchEvent } from '../../shared/contract.ts';
import type { Outcome } from '../../shared/host.ts';
import type { Forker, ForkOptions } from './channel.ts';
import { messageFault } from './limits.ts';
import { ManagedProcess, type End } from './managed.ts';

const ended: ErrorShape = {
  code: 'engine-ended',
  message: 'The engine ended before it answered, and was started again.',
  hint: 'Nothing that was saved is lost. Check whether it was done; if not, try again.',
};

/**
 * A shell's way to the engine process, for all its windows: matches answers with requests, spreads events, starts the
 * engine again when it crashes. The engine checks methods, parameters and results; nothing is checked here.
 */
export class EngineLink {
  readonly process: ManagedProcess;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  readonly #listeners = new Set<(event: WorkbenchEvent) => void>();
  #lastId = 0;

  constructor(forker: Forker, options: ForkOptions = {}) {
    this.process = new ManagedProcess(forker, 'engine', { ...options, restarts: 5, grace: 10_000 });
    this.process.onMessage((message) => this.#receive(message as Answer | WorkbenchEvent));
    this.process.onCrash(() => this.#giveUpWaiting());
    this.process.onEnd(() => this.#giveUpWaiting());
    this.process.onReady((restarts) => {
      // What the windows show may be of before the crash: an event makes them read again.
      if (restarts > 0) void this.#announce();
    });
  }

  /** Resolves when the engine can answer. @throws WorkbenchError, for instance `folder-owned` */
  async start(): Promise<void> {
    await this.process.start().ready();
  }

  /** Never rejects: what goes wrong is an outcome too. */
  async invoke(method: string, params: unknown): Promise<Outcome> {
    const fault = messageFault({ method, params });
    if (fault) return { error: fault };
    // Between a crash and the restart the question waits.
    await this.process.ready().catch(() => undefined);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      if (!this.process.post({ id, method, params } satisfies Request)) this.#giveUpWaiting();
    });
  }

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): Promise<End> {
    return this.process.stop();
  }

  #receive(message: Answer | WorkbenchEvent): void {
    if ('event' in message) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const { id, ...outcome } = message;
    this.#waiting.get(id)?.(outcome);
    this.#waiting.delete(id);
  }

  #giveUpWaiting(): void {
    for (const resolve of this.#waiting.values()) resolve({ error: ended });
    this.#waiting.clear();
  }

  async #announce(): Promise<void> {
    const state = await this.invoke('engine.state', {});
    if ('error' in state) return;
    this.#receive({ event: 'engine.changed', payload: state.result } as WorkbenchEvent);
    this.#receive({ event: 'datasets.changed', payload: { dataset: null } });
  }
}

import type { WorkbenchEvent } from '../../shared/contract.ts';

export type Listener = (event: WorkbenchEvent) => void;

/** Tells everyone who listens; a listener that throws does not keep the others from hearing. */
export class Events {
  readonly #listeners = new Set<Listener>();

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: WorkbenchEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        process.stderr.write(`A listener of ${event.event} failed: ${String(error)}\n`);
      }
    }
  }
}

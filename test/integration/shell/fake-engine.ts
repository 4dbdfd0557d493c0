import type { WorkbenchEvent } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/host.ts';
import type { EngineSide } from '../../../main/shell/browser/socket.ts';

/** An engine that answers with what it was asked, and remembers it. */
export class FakeEngine implements EngineSide {
  readonly asked: { method: string; params: unknown }[] = [];
  readonly #listeners = new Set<(event: WorkbenchEvent) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  invoke(method: string, params: unknown): Promise<Outcome> {
    this.asked.push({ method, params });
    if (method === 'fails') {
      return Promise.resolve({ error: { code: 'x', message: 'It failed.', hint: 'Do not.' } });
    }
    return Promise.resolve({ result: { method, params } });
  }

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: WorkbenchEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

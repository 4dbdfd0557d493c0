import type { ErrorShape } from '../../shared/contract.ts';
import { asError } from '../transport/host.ts';

/**
 * Something read from the engine. Loading shows only after 300 ms, an answer that comes after a newer question is
 * dropped, and the last value stays while the next is on its way.
 */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ErrorShape | null>(null);
  /** A read has been under way for 300 ms. */
  slow = $state(false);
  pending = $state(false);
  #turn = 0;

  async load(read: () => Promise<T>): Promise<T | null> {
    const turn = ++this.#turn;
    this.pending = true;
    const timer = setTimeout(() => {
      if (turn === this.#turn) this.slow = true;
    }, 300);
    try {
      const value = await read();
      if (turn !== this.#turn) return null;
      this.value = value;
      this.error = null;
      return value;
    } catch (thrown) {
      if (turn === this.#turn) this.error = asError(thrown);
      return null;
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) {
        this.slow = false;
        this.pending = false;
      }
    }
  }

  clear(): void {
    this.#turn += 1;
    this.value = null;
    this.error = null;
    this.slow = false;
    this.pending = false;
  }
}

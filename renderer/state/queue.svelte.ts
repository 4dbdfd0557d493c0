import type { Params, QueueState } from '../../shared/contract.ts';
import { invoke } from './engine-api.ts';
import { attempt } from './failures.svelte.ts';

/** What waits to train, in its order. Null until it was asked for: only who shows it asks. */
class Queue {
  state = $state.raw<QueueState | null>(null);

  async refresh(): Promise<void> {
    this.state = await invoke('queue.get', {});
  }
  async set(changes: Params<'queue.set'>): Promise<void> {
    await attempt(async () => (this.state = await invoke('queue.set', changes)));
  }
  /** @param to a place from 1, or an end */
  async move(run: string, to: Params<'queue.move'>['to']): Promise<void> {
    await attempt(async () => (this.state = await invoke('queue.move', { run, to })));
  }
}

export const queue = new Queue();

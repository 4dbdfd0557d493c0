import type { SweepSummary } from '../../shared/contract.ts';
import { invoke } from './engine-api.ts';
import { Resource } from './resource.svelte.ts';

/** Milliseconds between two readings: with each trial that ends something has changed. */
const PAUSE = 500;

/** All sweeps and tournaments as they are listed, the latest first; read again when the engine says that one changed. */
class Sweeps {
  #resource = new Resource<SweepSummary[]>();
  /** How often each has changed: who shows one reads it again with every change. */
  changes = $state.raw<Readonly<Record<string, number>>>({});
  #touched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get all(): SweepSummary[] {
    return this.#resource.value ?? [];
  }
  get tournaments(): SweepSummary[] {
    return this.all.filter(({ kind }) => kind === 'tournament');
  }
  get loaded(): boolean {
    return this.#resource.value !== null;
  }
  get error() {
    return this.#resource.error;
  }
  find(id: string | null): SweepSummary | null {
    return this.all.find((one) => one.id === id) ?? null;
  }
  async refresh(): Promise<void> {
    await this.#resource.load(async () => (await invoke('sweeps.list', {})).reverse());
  }
  touch(id: string): void {
    this.#touched.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const fresh = [...this.#touched].map((one) => [one, (this.changes[one] ?? 0) + 1] as const);
      this.#touched.clear();
      this.changes = { ...this.changes, ...Object.fromEntries(fresh) };
      void this.refresh();
    }, PAUSE);
  }
}

export const sweeps = new Sweeps();

/** What runs take on the disk, read when the trash is shown. */
import type { Run } from '../../shared/contract.ts';
import { invoke } from '../state/engine-api.ts';
import { Resource } from '../state/resource.svelte.ts';

class Sizes {
  #resource = new Resource<Map<string, number>>();
  #asked = -1;

  /** Reads once for a number of runs: what a run takes does not change. */
  read(runs: number): void {
    if (runs === this.#asked) return;
    this.#asked = runs;
    void this.#resource.load(async () => {
      const usage = await invoke('storage.usage', {});
      return new Map(usage.runs.map(({ run, bytes }) => [run, bytes]));
    });
  }

  get known(): boolean {
    return this.#resource.value !== null;
  }

  of(runs: readonly Run[]): number {
    return runs.reduce((sum, run) => sum + (this.#resource.value?.get(run.id) ?? 0), 0);
  }
}

export const sizes = new Sizes();

import type { Dataset } from '../../shared/contract.ts';
import { invoke } from './engine-api.ts';
import { Resource } from './resource.svelte.ts';

/** All data sets, archived ones included; re-read when the engine says that something changed. */
class Datasets {
  #resource = new Resource<Dataset[]>();

  get all(): Dataset[] {
    return this.#resource.value ?? [];
  }
  get live(): Dataset[] {
    return this.all.filter((dataset) => !dataset.archived);
  }
  get loaded(): boolean {
    return this.#resource.value !== null;
  }
  get slow(): boolean {
    return this.#resource.slow;
  }
  get error() {
    return this.#resource.error;
  }
  find(id: string | null): Dataset | null {
    return this.all.find((dataset) => dataset.id === id) ?? null;
  }
  async refresh(): Promise<void> {
    await this.#resource.load(() => invoke('datasets.list', { archived: true }));
  }
}

export const datasets = new Datasets();

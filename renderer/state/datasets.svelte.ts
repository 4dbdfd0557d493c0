import type { Dataset } from '../../shared/contract.ts';
import { invoke } from './engine-api.ts';
import { Resource } from './resource.svelte.ts';

/** All data sets, archived ones included; re-read when the engine says that something changed. */
class Datasets {
  #resource = new Resource<Dataset[]>();

  /** Deleted, but for the chance to undo it. */
  #leaving = $state.raw<readonly string[]>([]);

  get all(): Dataset[] {
    return (this.#resource.value ?? []).filter((dataset) => !this.#leaving.includes(dataset.id));
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
  /** Hides a data set that is about to be deleted. */
  hide(id: string): void {
    this.#leaving = [...this.#leaving, id];
  }
  unhide(id: string): void {
    this.#leaving = this.#leaving.filter((one) => one !== id);
  }
  async refresh(): Promise<void> {
    await this.#resource.load(() => invoke('datasets.list', { archived: true }));
  }
}

export const datasets = new Datasets();

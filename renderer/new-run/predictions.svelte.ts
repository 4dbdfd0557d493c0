/** What the engine expects of the draft's runs: read again 200 ms after the last change. */
import type { RunConfig } from '../../shared/config.ts';
import type { Result } from '../../shared/contract.ts';
import { invoke } from '../state/engine-api.ts';
import { Resource } from '../state/resource.svelte.ts';

type Prediction = Result<'runs.predict'>[number];

class Predictions {
  #resource = new Resource<Map<RunConfig, Prediction>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get error() {
    return this.#resource.error;
  }

  /** @returns the function that gives up on it */
  ask(dataset: string, configs: readonly RunConfig[]): () => void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#resource.load(async () => {
        const list = await invoke('runs.predict', { dataset, configs: [...configs] });
        return new Map(list.flatMap((one, index) => (configs[index] ? [[configs[index], one]] : [])));
      });
    }, 200);
    return () => clearTimeout(this.#timer);
  }

  of(config: RunConfig): Prediction | null {
    return this.#resource.value?.get(config) ?? null;
  }
}

export const predictions = new Predictions();

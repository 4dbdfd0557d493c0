/** What a run of each model is expected to take, and how many run at once. */
import type { Dataset, Result } from '../../shared/contract.ts';
import type { RunConfig } from '../../shared/config.ts';
import { invoke } from '../state/engine-api.ts';
import { Resource } from '../state/resource.svelte.ts';
import { session } from '../state/session.svelte.ts';
import { contest } from './contest.svelte.ts';
import { draft } from './draft.svelte.ts';

class ContestCosts {
  #predicted = new Resource<ReadonlyMap<string, number | null>>();
  #queue = new Resource<Result<'queue.get'>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs at once. */
  get slots(): number {
    return this.#queue.value?.parallel ?? 1;
  }
  get error() {
    return this.#predicted.error;
  }
  /** Seconds of one run with the default configuration; null where they cannot be told. */
  secondsOf(model: string): number | null {
    return this.#predicted.value?.get(model) ?? null;
  }

  /** Asks 200 ms after the last change. @returns the function that gives up on it */
  ask(dataset: Dataset): () => void {
    const models = session.models.filter((model) => contest.unfit(model, dataset) === null);
    const configs = models.map(({ name }) => configOf(name));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#queue.load(() => invoke('queue.get', {}));
      void this.#predicted.load(async () => {
        const list = await invoke('runs.predict', { dataset: dataset.id, configs });
        return new Map(list.map(({ seconds }, at) => [configs[at].model, seconds]));
      });
    }, 200);
    return () => clearTimeout(this.#timer);
  }
}

function configOf(model: string): RunConfig {
  return {
    ...{ model, preset: null, parameters: {}, seed: contest.seed, refit: false },
    ...{ split: $state.snapshot(draft.split), compute: 'auto', threads: null },
    evaluation: { ...draft.evaluation, k: contest.lengths, target: null },
  };
}

export const costs = new ContestCosts();

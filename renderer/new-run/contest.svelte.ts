/** The tournament that is being put together; data set and split are those of the draft. */
import type { Dataset, ModelInfo, Params } from '../../shared/contract.ts';
import { unfitReason, USUAL_TRIALS } from '../../shared/tournament.ts';
import { session } from '../state/session.svelte.ts';
import { draft } from './draft.svelte.ts';
import { lengthsWith, targetOf } from './target.ts';

class Contest {
  /** Rankings are what most models can be judged by. */
  targetMetric = $state('ndcg');
  k = $state(10);
  budget = $state<'minutes' | 'trials'>('minutes');
  minutes = $state(10);
  trials = $state(USUAL_TRIALS);
  finalSeeds = $state(3);
  seed = $state(1);
  name = $state('');
  /** Models that were left out by hand. */
  leftOut = $state<Record<string, boolean>>({});

  get target(): string {
    return targetOf(this);
  }
  /** Lengths of lists that metrics are computed at, that of the target among them. */
  get lengths(): number[] {
    return lengthsWith(draft.evaluation.k, this.k);
  }

  /** Why a model cannot take part; null where it can. */
  unfit(model: ModelInfo, dataset: Dataset): string | null {
    return unfitReason(model, dataset, this.target);
  }

  isIn(model: ModelInfo, dataset: Dataset): boolean {
    return this.leftOut[model.name] !== true && this.unfit(model, dataset) === null;
  }

  models(dataset: Dataset): ModelInfo[] {
    return session.models.filter((model) => this.isIn(model, dataset));
  }

  request(dataset: Dataset): Params<'sweeps.tournament'> {
    return {
      dataset: dataset.id,
      name: this.name.trim() || null,
      models: this.models(dataset).map(({ name }) => name),
      minutes: this.budget === 'minutes' ? this.minutes : null,
      trials: this.budget === 'trials' ? this.trials : null,
      finalSeeds: this.finalSeeds,
      metric: this.target,
      seed: this.seed,
      split: $state.snapshot(draft.split),
      evaluation: { ...draft.evaluation, k: this.lengths, target: null },
    };
  }
}

export const contest = new Contest();

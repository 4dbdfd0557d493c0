/** Importances of hyper-parameters as they were last computed: with each trial they would take longer to grow than to change. */
import type { SearchSpace } from '../../../shared/search.ts';
import { type Importance, importanceOf } from '../../search/importance/fanova.ts';
import type { StoredTrial } from '../../store/sweeps.ts';
import type { PlannedEntry } from './sweep-plan.ts';

/** While a sweep goes on, they are computed anew when it has grown by this share. */
const GROWTH = 0.05;

export class Importances {
  readonly #known = new Map<string, { readonly trials: number; readonly found: Importance[] | null }>();

  /** @param key of the entry of a sweep */
  of(
    key: string,
    { space }: PlannedEntry,
    trials: readonly StoredTrial[],
    seed: number,
    running: boolean,
  ): Importance[] | null {
    if (space.length < 2) return null;
    // Figures of unlike rungs do not compare: those of the rung that most trials reached tell what matters.
    const tried = trials.flatMap(({ point, figures }) =>
      figures.length > 0 ? [{ point, value: figures[0] }] : [],
    );
    const known = this.#known.get(key);
    const enough = running ? 1 + GROWTH : 1;
    if (known && known.trials <= tried.length && tried.length <= known.trials * enough) return known.found;
    const found = importanceOf(space as SearchSpace, tried, seed);
    this.#known.set(key, { trials: tried.length, found });
    return found;
  }
}

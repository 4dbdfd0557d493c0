import type { Scorer, TrainableModel } from './model.ts';
import type { ModelState } from '../numeric/state.ts';

interface Fitted {
  readonly weights: ModelState;
  readonly loss: number;
}

/**
 * A model of counts or a closed form: `fit` makes its weights in one pass, and they are its whole state.
 * @param examples rows that one pass reads
 * @param first weights before training, of the same names and lengths
 */
export function onePass(
  examples: number,
  fit: (tick: (done: number) => Promise<void>) => Promise<Fitted>,
  first: ModelState,
  scorerOf: (weights: ModelState) => Scorer,
): TrainableModel {
  let weights = first;
  const copy = (source: ModelState): ModelState =>
    Object.fromEntries(Object.entries(source).map(([name, values]) => [name, values.slice()]));
  const restore = (state: ModelState): void => {
    weights = copy(state);
  };
  return {
    examplesPerEpoch: examples,
    async trainEpoch(_epoch, tick) {
      const fitted = await fit(tick);
      weights = fitted.weights;
      await tick(examples);
      return { loss: fitted.loss };
    },
    scorer: () => scorerOf(weights),
    state: () => copy(weights),
    restore,
    weights: () => copy(weights),
    restoreWeights: restore,
    dispose: () => undefined,
  };
}

import type { Parameters } from '../../shared/config.ts';
import type { Ratings } from '../ratings/ratings.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { ModelDefinition } from '../model/model.ts';

/** A loss this many times the one it started from is lost for good: what it would need is another run. */
const EXPLODED = 100;

/**
 * What an untrained model loses at most, about: a rating predicted as 0, or all items scored alike (ln(items) under
 * softmax; pairs and labelled samples lose less, and a hinge its margin). The first epoch is no measure by itself: it may
 * be the one that explodes.
 */
export function untrainedLoss(kind: ModelDefinition['kind'], { value, itemCount }: Ratings): number {
  if (kind !== 'ratings') return Math.max(2, Math.log(itemCount));
  const squares = value.reduce((sum, rating) => sum + rating * rating, 0);
  return squares / 2 / Math.max(1, value.length);
}

/** Stops a run whose loss is not finite or has exploded. */
export class LossGuard {
  readonly #untrained: number;
  readonly #rate: number | null;
  readonly #usualRate: number;

  constructor(
    { kind, parameters: schema }: Pick<ModelDefinition, 'kind' | 'parameters'>,
    parameters: Parameters,
    ratings: Ratings,
  ) {
    this.#untrained = untrainedLoss(kind, ratings);
    const rate = parameters['learningRate'];
    this.#rate = typeof rate === 'number' ? rate : null;
    this.#usualRate = Number(schema.find(({ name }) => name === 'learningRate')?.default);
  }

  /**
   * @param first loss of the first epoch
   * @throws WorkbenchError `loss-exploded` with the cause and a fix; its details are the parameters to change
   */
  check(epoch: number, loss: number, first: number): void {
    const most = EXPLODED * Math.max(Math.min(Math.abs(first), this.#untrained), 1e-3);
    if (Math.abs(loss) <= most) return;
    const what = Number.isFinite(loss)
      ? `grew to ${loss.toPrecision(3)} in epoch ${epoch}, over ${EXPLODED} times what it started from`
      : `became ${Number.isNaN(loss) ? 'not a number' : 'infinite'} in epoch ${epoch}`;
    const rate = this.#rate;
    if (rate === null)
      throw new WorkbenchError('loss-exploded', `Loss ${what}.`, 'Train again with a higher regularization.');
    // A rate far from the model's own goes back to that, one near it to a quarter.
    const learningRate = rate > 10 * this.#usualRate ? this.#usualRate : Number((rate / 4).toPrecision(2));
    throw new WorkbenchError(
      'loss-exploded',
      `Loss ${what}: the learning rate ${plain(rate)} is too high here.`,
      `Train again with learning rate ${plain(learningRate)}.`,
      { parameters: { learningRate } },
    );
  }
}

/** Two significant digits, without an exponent or a leading zero: .0005. */
function plain(value: number): string {
  const digits = Math.max(0, 1 - Math.floor(Math.log10(value)));
  return value
    .toFixed(Math.min(20, digits))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/^0\./, '.');
}

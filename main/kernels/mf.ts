/** Matrix factorisation on the fused engine. */
import type { FusedFactory, ModelState, TrainableModel } from '../models/model.ts';
import { mfScorer, mfStart, type MfStart } from '../models/mf.ts';
import { trainingSettings } from '../models/neural-parameters.ts';
import { padded } from './block.ts';
import { refuseClipping } from './clipping.ts';
import { FactorTrainer, type FactorLayout } from './factors.ts';
import { packRows, unpackRows } from './packing.ts';

/** Rows: a user's [p, b_u, 1, 0 …], an item's [q, 1, b_i, 0 …]; without biases [p, 0 …] and [q, 0 …]. */
function layoutOf({ embeddingSize: k, biases }: MfStart): FactorLayout {
  return biases
    ? { userOne: k + 1, itemOne: k, stride: padded(k + 2, 4) }
    : { userOne: null, itemOne: null, stride: padded(k, 4) };
}

export const createMf: FusedFactory = async (context, kernels) => {
  const { train, seed, parameters } = context;
  refuseClipping(parameters);
  const start = mfStart(context);
  const layout = layoutOf(start);
  const trainer = new FactorTrainer(kernels, {
    train,
    seed,
    layout,
    settings: trainingSettings(parameters),
    copies: 1,
    kernel: 'mfBatches',
    rated: true,
    mean: start.mean,
  });
  const { embeddingSize: k, biases, mean } = start;
  const { stride } = layout;
  packRows(start.users, k, trainer.users.values, stride);
  packRows(start.items, k, trainer.items.values, stride);

  const weights = (): ModelState => ({
    users: unpackRows(trainer.users.values, stride, k),
    items: unpackRows(trainer.items.values, stride, k),
    userBias: lane(trainer.users.values, stride, biases ? k : null),
    itemBias: lane(trainer.items.values, stride, biases ? k + 1 : null),
    mean: Float32Array.of(mean),
  });
  const model: TrainableModel = {
    examplesPerEpoch: trainer.examplesPerEpoch,
    trainEpoch: (_epoch, tick) => trainer.trainEpoch(tick),
    scorer: () => mfScorer({ weights: weights(), parameters }),
    state: () => trainer.state(),
    restore: (state) => trainer.restore(state),
    weights,
    restoreWeights: ({ users, items, userBias, itemBias }) => {
      packRows(users as Float32Array, k, trainer.users.values, stride);
      packRows(items as Float32Array, k, trainer.items.values, stride);
      setLane(trainer.users.values, stride, biases ? k : null, userBias);
      setLane(trainer.items.values, stride, biases ? k + 1 : null, itemBias);
    },
    dispose: () => trainer.dispose(),
  };
  return model;
};

/** One value of each row, as a copy; zeros where there is no such lane. */
export function lane(values: Float32Array, stride: number, at: number | null): Float32Array {
  const out = new Float32Array(values.length / stride);
  if (at !== null) for (let row = 0; row < out.length; row++) out[row] = values[row * stride + at];
  return out;
}

/** The inverse of `lane`: does nothing where there is no such lane. */
export function setLane(
  values: Float32Array,
  stride: number,
  at: number | null,
  source: ArrayLike<number>,
): void {
  if (at !== null) for (let row = 0; row < source.length; row++) values[row * stride + at] = source[row];
}

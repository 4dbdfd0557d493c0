import type { Parameters } from '../../../shared/config.ts';
import type { AutoRecSource } from './scoring.ts';
import type { ModelState } from '../../numeric/state.ts';
import { glorotLimit } from '../../tensorflow/dense.ts';
import { Random } from '../../numeric/random.ts';
import type { TrainingContext } from '../../model/model.ts';
import { itemUserMatrix } from '../../ratings/matrices.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';
import type { Ratings } from '../../ratings/ratings.ts';

/** The training matrix as the autoencoder reads it: items × users (item-based) or users × items. */
export function autorecRows(train: Ratings, parameters: Parameters): SparseRows {
  return parameters['userBased'] === true ? userItemMatrix(train) : itemUserMatrix(train);
}

/** Weights of V (`encoder`) and W (`decoder`), [features, hidden]; both biases start at 0. */
export function initialWeights(
  context: TrainingContext,
  features: number,
): { encoder: Float32Array; decoder: Float32Array } {
  const size = features * Number(context.parameters['embeddingSize']);
  const fill = weightFiller(context, features);
  return { encoder: fill(new Float32Array(size)), decoder: fill(new Float32Array(size)) };
}

/** Writes the first weights piece by piece, row-major: those of V, then those of W. */
export function weightFiller(
  { parameters, seed }: Pick<TrainingContext, 'parameters' | 'seed'>,
  features: number,
): (out: Float32Array) => Float32Array {
  const random = new Random(seed, 'init');
  const limit = glorotLimit(features, Number(parameters['embeddingSize']));
  return parameters['initialization'] === 'xavier'
    ? (out) => random.fillUniform(out, limit)
    : (out) => random.fillNormal(out, 0.01);
}

/** Scores from weights in plain memory: `encoder`, `decoder` [features, hidden], `hiddenBias`, `outputBias`. */
export function sourceOf(rows: SparseRows, weights: ModelState): AutoRecSource {
  const { encoder, decoder, hiddenBias, outputBias } = weights;
  const hidden = hiddenBias.length;
  return {
    outputBias,
    writeActivations(target, stride) {
      const sum = new Float64Array(hidden);
      for (let r = 0; r < rows.rows; r++) {
        sum.set(hiddenBias);
        for (let n = rows.start[r]; n < rows.start[r + 1]; n++) {
          const from = rows.index[n] * hidden;
          const x = rows.value[n];
          for (let c = 0; c < hidden; c++) sum[c] += x * encoder[from + c];
        }
        for (let c = 0; c < hidden; c++) target[r * stride + c] = 1 / (1 + Math.exp(-sum[c]));
      }
    },
    writeDecoder(feature, target, at) {
      target.set(decoder.subarray(feature * hidden, (feature + 1) * hidden), at);
    },
  };
}

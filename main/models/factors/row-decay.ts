import type { Parameters } from '../../../shared/config.ts';

/**
 * The L2 factor on a user's row against the mean loss over the user's examples, as training sums it up: a batch adds
 * λ · w to the gradient of a mean over the batch, lazily in the batches that hold the row (about one an example), or
 * densely in all of them. One example a step adds it once for each example.
 * @param examples of the user in an epoch
 * @param all examples of an epoch
 */
export function rowDecay(parameters: Parameters, examples: number, all: number): number {
  const lambda = Number(parameters['regularization']);
  if (parameters['steps'] === 'single') return lambda;
  return parameters['updates'] === 'dense'
    ? (lambda * all) / Math.max(1, examples)
    : lambda * Number(parameters['batchSize']);
}

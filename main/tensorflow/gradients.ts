import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/**
 * The loss of a batch and its gradient by each input, on the host; nothing is left on the back end but what the caller
 * made (the inputs are disposed of as well, unless `keepInputs`).
 * @param loss scalar of the inputs: gathered rows and dense parameters, in the order of `inputs`
 */
export function lossAndGradients(
  tf: Tf,
  inputs: readonly Tensor[],
  loss: (...inputs: Tensor[]) => Scalar,
  keepInputs = false,
): { loss: number; gradients: Float32Array[] } {
  const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => loss(...tensors))([...inputs]);
  const result = {
    loss: value.dataSync()[0],
    gradients: grads.map((gradient) => gradient.dataSync() as Float32Array),
  };
  value.dispose();
  tf.dispose(grads);
  if (!keepInputs) tf.dispose([...inputs]);
  return result;
}

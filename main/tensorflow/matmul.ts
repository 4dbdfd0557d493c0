import type { Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/**
 * a · b, [m, k] × [k, n] → [m, n], differentiable. On the WASM back end a product with a transposed operand runs at
 * a tenth of the speed or less, and autodiff asks for one in every backward step: there the operand is transposed
 * first, as an operation of its own. Elsewhere the flags are passed on.
 */
export function matMul(tf: Tf, a: Tensor2D, b: Tensor2D, transposeA = false, transposeB = false): Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, transposeA, transposeB);
  const left = transposeA ? tf.transpose(a) : a;
  const right = transposeB ? tf.transpose(b) : b;
  return plainMatMul(tf, left, right);
}

function plainMatMul(tf: Tf, a: Tensor2D, b: Tensor2D): Tensor2D {
  const product = tf.customGrad((...inputs) => {
    // tfjs types the inputs as tensors alone, but the last one is the function that keeps them for the gradient.
    const [x, w, save] = inputs as unknown as [Tensor2D, Tensor2D, (tensors: Tensor2D[]) => void];
    save([x, w]);
    return {
      value: tf.matMul(x, w),
      gradFunc: (dy, saved) => {
        const [left, right] = saved as [Tensor2D, Tensor2D];
        return [tf.matMul(dy, tf.transpose(right)), tf.matMul(tf.transpose(left), dy)];
      },
    };
  });
  return product(a, b) as Tensor2D;
}

import type { Parameters } from '../../shared/config.ts';
import { WorkbenchError } from '../base/errors.ts';

/**
 * The kernels move rows while they read the batch, before its whole gradient is known, so they cannot scale it.
 * @throws WorkbenchError `compute-unsupported` where clipping is on: `auto` then takes TensorFlow
 */
export function refuseClipping(parameters: Parameters): void {
  if (!(Number(parameters['gradientClipping']) > 0)) return;
  throw new WorkbenchError(
    'compute-unsupported',
    'The fused kernels do not clip gradients.',
    'Set gradientClipping to 0, or choose auto or tensorflow.',
  );
}

/** The training parameters of a model that follows gradients, read once. */
import type { Parameters } from '../../shared/config.ts';
import type { OptimizerName, OptimizerOptions, Schedule } from '../numeric/optimizer.ts';
import { scheduleFactor } from '../numeric/optimizer.ts';

export interface TrainingSettings {
  readonly optimizer: OptimizerOptions;
  readonly batchSize: number;
  /** Every example is a step of its own. */
  readonly singles: boolean;
  readonly negatives: number;
  /** β of the popularity sampler, or null. */
  readonly popularityExponent: number | null;
  /** Draws for each negative: 1 unless the sampler is dynamic. */
  readonly hardestOf: number;
  /** Factor of the learning rate in an epoch (from 1). */
  readonly rateFactor: (epoch: number) => number;
  /** Largest norm of a batch's gradient; 0: no clipping. */
  readonly gradientClipping: number;
}

export function trainingSettings(parameters: Parameters): TrainingSettings {
  const schedule = parameters['schedule'] as Schedule;
  const epochs = Number(parameters['epochs']);
  const singles = parameters['steps'] === 'single';
  return {
    optimizer: {
      optimizer: parameters['optimizer'] as OptimizerName,
      learningRate: Number(parameters['learningRate']),
      regularization: Number(parameters['regularization']),
      decay: parameters['decay'] as 'coupled' | 'decoupled',
      // With one example a step, only the rows of that example move, so updates are always lazy.
      mode: singles ? 'lazy' : (parameters['updates'] as 'lazy' | 'dense'),
    },
    batchSize: singles ? 1 : Number(parameters['batchSize']),
    singles,
    negatives: Number(parameters['negatives']),
    popularityExponent:
      parameters['sampler'] === 'popularity' ? Number(parameters['popularityExponent']) : null,
    hardestOf: parameters['sampler'] === 'dynamic' ? Number(parameters['hardestOf']) : 1,
    rateFactor: (epoch) => scheduleFactor(schedule, epoch, epochs),
    gradientClipping: Number(parameters['gradientClipping'] ?? 0),
  };
}

/** The training parameters of a model that follows gradients, read once. */
import type { Parameters } from '../../shared/config.ts';
import type { OptimizerOptions, Schedule } from '../numeric/optimizer.ts';
import { scheduleFactor } from '../numeric/optimizer.ts';

export interface TrainingSettings {
  readonly optimizer: OptimizerOptions;
  readonly batchSize: number;
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
  return {
    optimizer: {
      optimizer: parameters['optimizer'] as 'adam' | 'adagrad' | 'sgd',
      learningRate: Number(parameters['learningRate']),
      regularization: Number(parameters['regularization']),
      decay: parameters['decay'] as 'coupled' | 'decoupled',
      mode: parameters['updates'] as 'lazy' | 'dense',
    },
    batchSize: Number(parameters['batchSize']),
    negatives: Number(parameters['negatives']),
    popularityExponent:
      parameters['sampler'] === 'popularity' ? Number(parameters['popularityExponent']) : null,
    hardestOf: parameters['sampler'] === 'dynamic' ? Number(parameters['hardestOf']) : 1,
    rateFactor: (epoch) => scheduleFactor(schedule, epoch, epochs),
    gradientClipping: Number(parameters['gradientClipping'] ?? 0),
  };
}

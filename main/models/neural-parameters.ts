/** Hyper-parameters that the models trained by mini-batches of sampled items share (NeuMF, Caser). */
import type { ParameterSchema, Parameters } from '../../shared/config.ts';
import type { OptimizerOptions, Schedule } from '../trainer/optimizer.ts';
import { scheduleFactor } from '../trainer/optimizer.ts';

interface Defaults {
  readonly epochs: number;
  readonly learningRate: number;
  readonly regularization: number;
  readonly batchSize: number;
  readonly negatives: number;
  /** What a batch is counted in. */
  readonly batchUnit: string;
  /** What the negatives are counted by. */
  readonly negativesOf: string;
}

/** Of every model that follows a batch's gradient. */
export const gradientClipping: ParameterSchema = {
  name: 'gradientClipping',
  title: 'Gradient clipping',
  type: 'number',
  default: 0,
  minimum: 0,
  maximum: 1_000_000,
  effect:
    'Largest norm of a batch’s gradient, weight decay left out; 0: off. Tames jumps of the loss; slower, as it ' +
    'trains on TensorFlow.',
  group: 'training',
};

/** Parameters of the optimiser and of its schedule. */
export function trainingParameters(defaults: Defaults): ParameterSchema[] {
  return [
    {
      name: 'epochs',
      title: 'Epochs',
      type: 'integer',
      default: defaults.epochs,
      minimum: 1,
      maximum: 10_000,
      scale: 'log',
      effect:
        'Passes over the data at most; early stopping keeps the best one where there is a validation part.',
      group: 'training',
    },
    {
      name: 'learningRate',
      title: 'Learning rate',
      type: 'number',
      default: defaults.learningRate,
      minimum: 0.000001,
      maximum: 10,
      scale: 'log',
      effect: 'Higher: faster at first; too high: the loss jumps or the scores collapse.',
      group: 'training',
    },
    {
      name: 'regularization',
      title: 'Regularisation',
      type: 'number',
      default: defaults.regularization,
      minimum: 0,
      maximum: 10,
      scale: 'log',
      effect:
        'Weight decay. Higher: smaller weights, later over-fitting; too high: everybody gets the same list.',
      group: 'training',
    },
    {
      name: 'batchSize',
      title: 'Batch size',
      type: 'integer',
      default: defaults.batchSize,
      minimum: 1,
      maximum: 1_000_000,
      scale: 'log',
      effect: `${defaults.batchUnit} a step. Larger: faster epochs, fewer steps in each.`,
      group: 'training',
    },
    {
      name: 'optimizer',
      title: 'Optimiser',
      type: 'choice',
      default: 'adam',
      choices: [
        { value: 'adam', title: 'Adam' },
        { value: 'adagrad', title: 'Adagrad' },
        { value: 'sgd', title: 'SGD' },
      ],
      effect:
        'Adam needs the least tuning; Adagrad slows down on frequent rows; SGD wants a higher learning rate.',
      group: 'training',
    },
    {
      name: 'decay',
      title: 'Weight decay',
      type: 'choice',
      default: 'coupled',
      choices: [
        { value: 'coupled', title: 'Coupled (added to the gradient, as published)' },
        { value: 'decoupled', title: 'Decoupled (AdamW)' },
      ],
      effect: 'Decoupled: decay does not go through Adam’s scaling and is weaker for the same number.',
      group: 'training',
    },
    {
      name: 'updates',
      title: 'Table updates',
      type: 'choice',
      default: 'lazy',
      choices: [
        { value: 'lazy', title: 'Rows of the batch (lazy)' },
        { value: 'dense', title: 'All rows every batch (as the book)' },
      ],
      effect: 'Lazy: faster on large catalogues. Dense: momentum and decay go on for rows outside the batch.',
      group: 'training',
    },
    {
      name: 'schedule',
      title: 'Learning-rate schedule',
      type: 'choice',
      default: 'constant',
      choices: [
        { value: 'constant', title: 'Constant' },
        { value: 'linear', title: 'Linear to zero' },
        { value: 'cosine', title: 'Cosine to zero' },
        { value: 'inverse-sqrt', title: '1/√epoch' },
      ],
      effect: 'Falling rates settle better at the end; they assume that all epochs are run.',
      group: 'training',
    },
    gradientClipping,
    ...samplingParameters(defaults),
  ];
}

function samplingParameters(defaults: Defaults): ParameterSchema[] {
  return [
    {
      name: 'negatives',
      title: 'Negatives',
      type: 'integer',
      default: defaults.negatives,
      minimum: 1,
      maximum: 1000,
      scale: 'log',
      effect: `Sampled items that count as "no", for each ${defaults.negativesOf}. More: slower epochs that say more.`,
      group: 'sampling',
    },
    {
      name: 'sampler',
      title: 'Sampler',
      type: 'choice',
      default: 'uniform',
      choices: [
        { value: 'uniform', title: 'Uniform' },
        { value: 'popularity', title: 'Popularity^β' },
        { value: 'dynamic', title: 'Dynamic (hardest of n)' },
      ],
      effect: 'Popularity recommends less of what is popular; dynamic learns faster, and over-fits faster.',
      group: 'sampling',
    },
    {
      name: 'popularityExponent',
      title: 'Popularity exponent β',
      type: 'number',
      default: 0.75,
      minimum: 0,
      maximum: 2,
      effect: 'Popularity sampler: 0 is uniform, 1 draws items as often as they occur.',
      group: 'sampling',
    },
    {
      name: 'hardestOf',
      title: 'Hardest of',
      type: 'integer',
      default: 4,
      minimum: 2,
      maximum: 64,
      effect: 'Dynamic sampler: draws for each negative, of which the one scored highest is taken.',
      group: 'sampling',
    },
  ];
}

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

/** The shared parameters, read once. */
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

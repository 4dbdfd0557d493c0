/** Hyper-parameters that several models have: each is written once, with what differs as an argument. */
import type { ParameterSchema } from '../../shared/config.ts';

export const embeddingSize = (
  usual: number,
  maximum: number,
  effect: string,
  title = 'Embedding size',
): ParameterSchema => ({
  name: 'embeddingSize',
  title,
  type: 'integer',
  default: usual,
  minimum: 1,
  maximum,
  scale: 'log',
  search: { low: Math.max(1, Math.round(usual / 8)), high: Math.min(maximum, usual * 2), scale: 'log' },
  effect,
  group: 'model',
});

/** @param minimum 0 where rows may start from zero */
export const initialScale = (
  minimum: number,
  maximum: number,
  effect = 'Standard deviation of the first factors. Near 0 they wake slowly; large ones start as noise.',
): ParameterSchema => ({
  name: 'initialScale',
  title: 'Initial scale',
  type: 'number',
  default: 0.01,
  minimum,
  maximum,
  scale: 'log',
  effect,
  group: 'model',
});

export const dropout = (usual: number): ParameterSchema => ({
  name: 'dropout',
  title: 'Dropout',
  type: 'number',
  default: usual,
  minimum: 0,
  maximum: 0.95,
  search: { low: 0, high: Math.max(0.5, Math.min(0.9, usual + 0.3)), scale: 'linear' },
  effect:
    'Share of hidden units switched off at random in training. Higher: later over-fitting, slower learning.',
  group: 'model',
});

export const epochs = (usual: number): ParameterSchema => ({
  name: 'epochs',
  title: 'Epochs',
  type: 'integer',
  default: usual,
  minimum: 1,
  maximum: 10_000,
  scale: 'log',
  effect: 'Passes over the data at most; early stopping keeps the best one where there is a validation part.',
  group: 'training',
});

export const learningRate = (usual: number): ParameterSchema => ({
  name: 'learningRate',
  title: 'Learning rate',
  type: 'number',
  default: usual,
  minimum: 0.000001,
  maximum: 10,
  scale: 'log',
  search: { low: usual / 10, high: usual * 10, scale: 'log' },
  effect: 'Higher: faster at first; too high: the loss jumps or the scores collapse.',
  group: 'training',
});

export const regularization = (
  usual: number,
  effect = 'Weight decay. Higher: smaller weights, later over-fitting; too high: everybody gets the same list.',
): ParameterSchema => ({
  name: 'regularization',
  title: 'Regularization',
  type: 'number',
  default: usual,
  minimum: 0,
  maximum: 10,
  scale: 'log',
  search:
    usual > 0
      ? { low: usual / 100, high: usual * 100, scale: 'log' }
      : { low: 1e-7, high: 1e-3, scale: 'log' },
  effect,
  group: 'training',
});

/** @param unit what a batch is counted in */
export const batchSize = (usual: number, unit: string): ParameterSchema => ({
  name: 'batchSize',
  title: 'Batch size',
  type: 'integer',
  default: usual,
  minimum: 1,
  maximum: 1_000_000,
  scale: 'log',
  effect: `${unit} a step. Larger: faster epochs, fewer steps in each.`,
  group: 'training',
});

export const schedule: ParameterSchema = {
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
};

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

/** @param unit what one step is taken for */
export const steps = (unit: string): ParameterSchema => ({
  name: 'steps',
  title: 'Steps',
  type: 'choice',
  default: 'batch',
  choices: [
    { value: 'batch', title: 'One a batch' },
    { value: 'single', title: `One ${unit}` },
  ],
  effect:
    `One ${unit}: as plain SGD was published; on the kernels several times faster than batches with the optimizers SGD and ` +
    'the row-wise ones. Batch size and table updates do not count, and learning rate and weight decay mean other things.',
  group: 'training',
});

const rowWise = [
  { value: 'row-adagrad', title: 'Row-wise Adagrad (one square a row)' },
  { value: 'row-rmsprop', title: 'Row-wise RMSprop (one square a row)' },
  { value: 'row-adam', title: 'Row-wise Adam (one square a row, and momentum)' },
] as const;

/** The optimizer of tables and dense parts, and how it treats the rows of tables. */
const optimizer = (tablesAlone: boolean): readonly ParameterSchema[] => [
  {
    name: 'optimizer',
    title: 'Optimizer',
    type: 'choice',
    default: 'adam',
    choices: [
      { value: 'adam', title: 'Adam' },
      { value: 'adagrad', title: 'Adagrad' },
      { value: 'sgd', title: 'SGD' },
      ...(tablesAlone ? rowWise : []),
    ],
    effect:
      'Adam needs the least tuning; Adagrad slows down on frequent rows; SGD wants a higher learning rate.' +
      (tablesAlone
        ? ' Row-wise ones keep one number a row instead of one a factor: less memory moved, faster.'
        : ''),
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
];

interface TrainingDefaults {
  readonly epochs: number;
  readonly learningRate: number;
  readonly regularization: number;
  readonly batchSize: number;
  /** What a batch is counted in. */
  readonly batchUnit: string;
  /** The model is tables alone: optimizers that remember one number a row can train it. */
  readonly tablesAlone?: boolean;
}

/** Training by mini-batches with an optimizer that can be chosen. */
export function trainingParameters(usual: TrainingDefaults): ParameterSchema[] {
  return [
    epochs(usual.epochs),
    learningRate(usual.learningRate),
    regularization(usual.regularization),
    batchSize(usual.batchSize, usual.batchUnit),
    ...optimizer(usual.tablesAlone === true),
    schedule,
    gradientClipping,
  ];
}

/** @param of what the negatives are counted by */
export function samplingParameters(negatives: number, of: string): ParameterSchema[] {
  return [
    {
      name: 'negatives',
      title: 'Negatives',
      type: 'integer',
      default: negatives,
      minimum: 1,
      maximum: 1000,
      scale: 'log',
      search: { low: 1, high: 4 * negatives, scale: 'log' },
      effect: `Sampled items that count as "no", for each ${of}. More: slower epochs that say more.`,
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

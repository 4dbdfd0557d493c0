/** A model that learns one number, a trial of it, and an evaluation that follows a script: for tests of the loop. */
import * as v from 'valibot';
import { RunConfig, SplitConfig } from '../../../shared/config.ts';
import { TEST, VALIDATION, type Ratings } from '../../../main/ratings/ratings.ts';
import type { Evaluation, EvaluationRequest } from '../../../main/evaluation/evaluation.ts';
import type { ModelDefinition, TrainableModel, TrainingContext } from '../../../main/model/model.ts';
import { Random } from '../../../main/numeric/random.ts';
import type { Trial, TrialServices } from '../../../main/training/trial.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

/** Six users with four rows each: two train, one validation, one test. */
export function toyRatings(): Ratings {
  const users = 6;
  return {
    userCount: users,
    itemCount: 4,
    start: Uint32Array.from({ length: users + 1 }, (_, u) => 4 * u),
    item: Uint32Array.from({ length: 4 * users }, (_, row) => row % 4),
    value: Float32Array.from({ length: 4 * users }, (_, row) => 1 + (row % 5)),
    time: null,
    implicit: false,
    minimum: 1,
    maximum: 5,
  };
}

export interface ToyOptions {
  readonly config?: v.InferInput<typeof RunConfig> extends infer C ? Partial<C> : never;
  readonly validation?: 'auto' | 'none';
}

export function toyTrial({ config, validation = 'auto' }: ToyOptions = {}): Trial {
  const ratings = toyRatings();
  const split = v.parse(SplitConfig, { validation });
  const part = Uint8Array.from(ratings.item, (item) => {
    if (item === 3) return TEST;
    return item === 2 && validation === 'auto' ? VALIDATION : 0;
  });
  return {
    ratings,
    split: { config: split, hash: `toy-${validation}`, part },
    config: v.parse(RunConfig, { model: 'toy', split, ...config }),
  };
}

/** What the toys of a test did. */
export interface ToyLog {
  /** Rows that each model made was trained on. */
  readonly trainedOn: number[];
  /** Epochs that each model made was trained for. */
  readonly epochs: number[];
  disposed: number;
}

const number = { type: 'number', title: '', effect: '', group: 'training' } as const;

/** @param losses loss of each epoch, where the script wants other than a falling one */
export function toyDefinition(log: ToyLog, losses: readonly number[] = []): ModelDefinition {
  return {
    name: 'toy',
    title: 'Toy',
    kind: 'ratings',
    baseline: false,
    iterative: true,
    summary: '',
    goodWhen: '',
    cost: 'fast',
    equation: '',
    latex: '',
    failsWhen: '',
    reference: '',
    parameters: [
      { ...number, name: 'epochs', type: 'integer', default: 10 },
      { ...number, name: 'learningRate', default: 0.002 },
      { ...number, name: 'noiseMargin', default: 0 },
      { ...number, name: 'minimumEpochs', type: 'integer', default: 1 },
    ],
    work: () => ({ epoch: 1, score: 1, bytes: 1 }),
    factories: {
      cpu: () =>
        Promise.resolve((context: TrainingContext) => Promise.resolve(createToy(context, log, losses))),
    },
    scorer: () => toyScorer(0),
  };
}

function toyScorer(value: number): ReturnType<TrainableModel['scorer']> {
  return {
    scoreUsers: (_, out) => void out.fill(value),
    predict: (users) => new Float32Array(users.length).fill(value),
  };
}

/** Adds a random number to its value in each epoch, so that a lost or repeated draw shows. */
function createToy(context: TrainingContext, log: ToyLog, losses: readonly number[]): TrainableModel {
  const random = new Random(context.seed, 'shuffle');
  let value = 0;
  const which = log.trainedOn.push(context.train.item.length) - 1;
  log.epochs.push(0);
  const state = (): ModelState => ({ value: Float64Array.of(value), random: random.state() });
  return {
    examplesPerEpoch: context.train.item.length,
    async trainEpoch(epoch, tick) {
      await tick(0);
      value += random.next();
      log.epochs[which] = epoch;
      return { loss: losses[epoch - 1] ?? 1 / epoch };
    },
    scorer: () => toyScorer(value),
    state,
    restore(from) {
      value = from['value'][0];
      random.restore(from['random'] as Uint32Array);
    },
    weights: () => ({ value: Float64Array.of(value) }),
    restoreWeights: (weights) => void (value = weights['value'][0]),
    dispose: () => void log.disposed++,
  };
}

/**
 * Services whose evaluation answers `rmse` from the script, one value an epoch; on test and on the final validation it
 * answers the value that the model then holds, as `rmse`.
 * @param noise how far users' values are from the figure at most
 */
export function toyServices(
  script: readonly number[],
  log: ToyLog = { trainedOn: [], epochs: [], disposed: 0 },
  losses: readonly number[] = [],
  noise = 0,
): TrialServices & { readonly log: ToyLog; readonly requests: EvaluationRequest[] } {
  const requests: EvaluationRequest[] = [];
  let asked = 0;
  const evaluate = async (request: EvaluationRequest): Promise<Evaluation> => {
    requests.push(request);
    await request.tick?.();
    const scripted = request.part === 'validation' && request.want?.lists === false;
    const held = (await request.scorer.predict(Uint32Array.of(0), Uint32Array.of(0)))[0];
    const rmse = scripted ? (script[asked++] ?? Number.NaN) : held;
    // Six users around the figure, in each epoch at another distance.
    const values = Float64Array.from(
      { length: 6 },
      (_, u) => rmse + (u % 2 === 0 ? noise : -noise) * Math.sin(3 * asked),
    );
    const perUser = { values: { rmse: values }, ratings: new Uint32Array(6).fill(1) };
    // The loop reads nothing else of an evaluation.
    return { metrics: { rmse, 'ndcg@10': -rmse }, perUser, alarms: [] } as unknown as Evaluation;
  };
  const definition = toyDefinition(log, losses);
  return {
    findModel: (name) => (name === 'toy' ? definition : undefined),
    evaluate,
    openRanking: () => Promise.resolve(null),
    log,
    requests,
  };
}

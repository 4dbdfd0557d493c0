/**
 * A checkpoint: everything that the next epoch depends on, as named arrays. `meta` is JSON (numbers survive it bit by
 * bit), `model/…` the model's state, `best/…` its weights after the best epoch so far, where that was not the last one,
 * `reference/…` the validation that patience holds the next epochs against.
 */
import { createHash } from 'node:crypto';
import type { ComputeRecord, Parameters } from '../../shared/config.ts';
import type { Epoch, RunCost } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { TrainableModel } from '../model/model.ts';
import { collectIfGrown } from './collect.ts';
import { messageOf } from '../base/message-of.ts';
import type { TargetByUser } from './improvement.ts';
import type { PhaseEnd, PhaseState, Seconds } from './phase.ts';
import type { Trial, TrialCallbacks } from './trial.ts';
import type { ModelState } from '../numeric/state.ts';

export interface CheckpointMeta {
  readonly version: 2;
  /** What it is a checkpoint of: going on with other data, parameters or seed would be another run. */
  readonly identity: string;
  readonly compute: ComputeRecord;
  readonly phase: 'select' | 'refit';
  /** Epochs of the phase that are done. */
  readonly epochs: readonly Epoch[];
  readonly best: { readonly epoch: number; readonly value: number } | null;
  /** Epochs since the best one. */
  readonly waited: number;
  readonly seconds: Seconds;
  /** Left out by older versions. */
  readonly cost?: RunCost;
  /** In the refit: what the first phase came to. */
  readonly chosen: ChosenEpochs | null;
}

/** What the training that chose the number of epochs came to. */
export interface ChosenEpochs {
  readonly epochs: number;
  readonly stopped: PhaseEnd['stopped'];
  readonly validation: Record<string, number>;
  readonly notes: readonly string[];
  readonly records: readonly Epoch[];
}

/** Whether epochs depend on how many there will be: a learning rate that falls to zero at the last one. */
export function knowsItsEnd({ schedule }: Parameters): boolean {
  return schedule === 'linear' || schedule === 'cosine';
}

export interface Checkpoint {
  readonly meta: CheckpointMeta;
  readonly model: ModelState;
  /** Weights of the best epoch; null where there is none, or it was the last: the model has them. */
  readonly best: ModelState | null;
  readonly reference: TargetByUser | null;
}

/**
 * Hash of what the epochs of a run are computed from: the parts of the split, the ratings' size, model, parameters and
 * seed. How many there are to be is left out, so that a run with more of them may go on from where this one ended.
 */
export function identityOf(trial: Trial, parameters: Parameters): string {
  const { config, split, ratings } = trial;
  const { model, seed, refit, evaluation } = config;
  const size = [ratings.userCount, ratings.itemCount, ratings.item.length];
  const { epochs, minimumEpochs: _, ...rest } = parameters;
  const acting = knowsItsEnd(parameters) ? { epochs, ...rest } : rest;
  const facts = JSON.stringify([model, acting, seed, refit, evaluation, size, split.hash]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 16);
}

/** Its arrays, one after the other: a model's state may make each when it is read. */
function* encodeCheckpoint({
  meta,
  model,
  best,
  reference,
}: Checkpoint): Generator<[string, ModelState[string]]> {
  yield ['meta', new TextEncoder().encode(JSON.stringify(meta))];
  yield* under('model/', model);
  if (best !== null && meta.best?.epoch !== meta.epochs.length) yield* under('best/', best);
  if (reference) yield* under('reference/', { values: reference.values, weights: reference.weights });
}

function* under(prefix: string, state: ModelState): Generator<[string, ModelState[string]]> {
  for (const name of Object.keys(state)) {
    yield [prefix + name, state[name]];
    collectIfGrown();
  }
}

/** @throws WorkbenchError `checkpoint-mismatch` where it belongs to another run or version */
export function decodeCheckpoint(state: ModelState, identity: string): Checkpoint {
  const meta = JSON.parse(new TextDecoder().decode(state['meta'])) as CheckpointMeta;
  if (meta.version !== 2 || meta.identity !== identity)
    throw new WorkbenchError(
      'checkpoint-mismatch',
      'The checkpoint belongs to other data, another split or other parameters.',
      'Start the run again from the beginning.',
    );
  const model = partOf(state, 'model/');
  const best = partOf(state, 'best/');
  const { values, weights } = partOf(state, 'reference/');
  const reference =
    values instanceof Float64Array && weights instanceof Float64Array ? { values, weights } : null;
  return { meta, model, best: Object.keys(best).length > 0 ? best : null, reference };
}

function partOf(state: ModelState, prefix: string): ModelState {
  const entries = Object.entries(state).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, array]) => [name.slice(prefix.length), array]));
}

/** Where a phase stands, and what computes it. */
interface Moment {
  readonly phase: CheckpointMeta['phase'];
  readonly state: PhaseState;
  readonly chosen: ChosenEpochs | null;
  readonly model: TrainableModel;
  readonly compute: ComputeRecord;
  readonly cost: RunCost;
}

/** Makes a checkpoint of what it is offered when one is due. */
export class CheckpointPace {
  readonly #seconds: number | null;
  readonly #store: TrialCallbacks['checkpoint'];
  readonly #identity: string;
  #last = performance.now();

  constructor(trial: Trial, callbacks: TrialCallbacks, identity: string) {
    this.#seconds = trial.checkpointSeconds ?? null;
    this.#store = callbacks.checkpoint?.bind(callbacks);
    this.#identity = identity;
  }

  /** After an epoch. Returns a note where a checkpoint was due and could not be stored: training goes on. */
  offer(
    at: Moment & {
      /** However short ago the last one was: training ends here for now. */ readonly due: boolean;
    },
  ): string | null {
    if (this.#seconds === null || !this.#store) return null;
    if (!at.due && performance.now() - this.#last < this.#seconds * 1000) return null;
    try {
      this.#store(this.#arraysOf(at));
      return null;
    } catch (error) {
      return `A checkpoint could not be stored (${messageOf(error)}): if the run is interrupted, it goes on from an earlier one.`;
    } finally {
      this.#last = performance.now();
    }
  }

  /** A checkpoint of the last epoch, for a run that goes on from there. Returns whether it is stored. */
  keepEnd(at: Moment): boolean {
    if (this.#seconds === null || !this.#store) return false;
    try {
      this.#store(this.#arraysOf(at));
      return true;
    } catch {
      // Nothing is lost: a run with more epochs is trained from its beginning then, to the same bits.
      return false;
    }
  }

  #arraysOf({ phase, state, chosen, model, compute, cost }: Moment): ReturnType<typeof encodeCheckpoint> {
    const { epochs, best, reference, waited, seconds } = state;
    const meta: CheckpointMeta = {
      version: 2,
      identity: this.#identity,
      compute,
      phase,
      epochs,
      waited,
      seconds,
      cost,
      chosen,
      best: best && { epoch: best.epoch, value: best.value },
    };
    // Each array of the state takes memory beside the model's own, so what the epoch no longer needs is freed first.
    collectIfGrown();
    return encodeCheckpoint({ meta, model: model.state(), best: best?.weights ?? null, reference });
  }
}

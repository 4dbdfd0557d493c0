/**
 * A checkpoint: everything that the next epoch depends on, as named arrays. `meta` is JSON (numbers survive it bit by
 * bit), `model/…` the model's state, `best/…` its weights after the best epoch so far, where that was not the last one.
 */
import { createHash } from 'node:crypto';
import type { ComputeRecord, Parameters } from '../../shared/config.ts';
import type { Epoch } from '../../shared/contract.ts';
import { WorkbenchError } from '../errors.ts';
import type { ModelState, TrainableModel } from '../models/model.ts';
import { collectIfGrown } from './collect.ts';
import type { PhaseState, Seconds } from './phase.ts';
import type { Trial, TrialCallbacks } from './trial.ts';

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
  /** In the refit: what the first phase came to. */
  readonly chosen: ChosenEpochs | null;
}

/** What the training that chose the number of epochs came to. */
export interface ChosenEpochs {
  readonly epochs: number;
  readonly stopped: 'epochs' | 'patience' | 'user';
  readonly validation: Record<string, number>;
  readonly notes: readonly string[];
  readonly records: readonly Epoch[];
}

export interface Checkpoint {
  readonly meta: CheckpointMeta;
  readonly model: ModelState;
  /** Weights of the best epoch; null where there is none, or it was the last: the model has them. */
  readonly best: ModelState | null;
}

/** Hash of what a run computes from: the parts of the split, the ratings' size, model, parameters and seed. */
export function identityOf(trial: Trial, parameters: Parameters): string {
  const { config, split, ratings } = trial;
  const { model, seed, refit, evaluation } = config;
  const size = [ratings.userCount, ratings.itemCount, ratings.item.length];
  const facts = JSON.stringify([model, parameters, seed, refit, evaluation, size, split.hash]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 16);
}

export function encodeCheckpoint({ meta, model, best }: Checkpoint): ModelState {
  const out: ModelState = { meta: new TextEncoder().encode(JSON.stringify(meta)) };
  for (const [name, array] of Object.entries(model)) out[`model/${name}`] = array;
  if (best === null || meta.best?.epoch === meta.epochs.length) return out;
  for (const [name, array] of Object.entries(best)) out[`best/${name}`] = array;
  return out;
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
  const model = under('model/', state);
  const best = under('best/', state);
  return { meta, model, best: Object.keys(best).length > 0 ? best : null };
}

function under(prefix: string, state: ModelState): ModelState {
  const entries = Object.entries(state).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, array]) => [name.slice(prefix.length), array]));
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

  /** After an epoch. */
  offer(at: {
    readonly phase: CheckpointMeta['phase'];
    readonly state: PhaseState;
    readonly chosen: ChosenEpochs | null;
    readonly model: TrainableModel;
    readonly compute: ComputeRecord;
  }): void {
    const { phase, state, chosen, model, compute } = at;
    if (this.#seconds === null || !this.#store) return;
    if (performance.now() - this.#last < this.#seconds * 1000) return;
    const { epochs, best, waited, seconds } = state;
    const meta: CheckpointMeta = {
      ...{ version: 2, identity: this.#identity, compute, phase, epochs, waited, seconds, chosen },
      best: best && { epoch: best.epoch, value: best.value },
    };
    // A state is three times the model, and sending copies it: nothing else of that size should lie about.
    collectIfGrown();
    this.#store(encodeCheckpoint({ meta, model: model.state(), best: best?.weights ?? null }));
    collectIfGrown();
    this.#last = performance.now();
  }
}

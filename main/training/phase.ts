/** The epochs of one training: until they are done, nothing gets better, or somebody stops it. */
import type { Epoch } from '../../shared/contract.ts';
import type { Scorer, TrainableModel } from '../model/model.ts';
import { collectGarbage, collectIfGrown } from './collect.ts';
import type { LossGuard } from './health.ts';
import { standardErrorsBetter, type TargetByUser } from './improvement.ts';
import { isBetter, valueOf } from './targets.ts';
import type { ModelState } from '../numeric/state.ts';
import type { Validated } from './validation.ts';

/** Seconds spent on training and on evaluation. */
export interface Seconds {
  train: number;
  evaluate: number;
}

/** Where a phase stands after an epoch; also what a checkpoint keeps of it. */
export interface PhaseState {
  readonly epochs: Epoch[];
  /** The best epoch so far and its weights; null weights: they are in the model (the last epoch there can be). */
  best: { epoch: number; value: number; weights: ModelState | null } | null;
  /** The last epoch that was better beyond noise, user by user: what the next ones are held against. */
  reference: TargetByUser | null;
  /** Epochs since then. */
  waited: number;
  readonly seconds: Seconds;
}

/** When training stops by itself. */
export interface Stopping {
  /** Epochs without a better target before the phase ends; 0: never. */
  readonly patience: number;
  /** Standard errors by which the target must be better than the reference's to count; 0: any improvement. */
  readonly noiseMargin: number;
  /** No patience ends the phase before this epoch. */
  readonly minimumEpochs: number;
}

export interface PhaseOptions {
  readonly model: TrainableModel;
  readonly epochs: number;
  readonly guard: LossGuard;
  readonly target: string;
  readonly stopping: Stopping;
  /** Figures after an epoch; null where nothing is validated: the last epoch counts. */
  readonly validate: ((scorer: Scorer, epoch: number) => Promise<Validated>) | null;
  readonly tick: (epoch: number, done: number) => Promise<void>;
  /** After each epoch: reports it, stores a checkpoint where one is due. */
  readonly afterEpoch: (record: Epoch) => void;
  /** At the end, before the best epoch's weights are taken back: what would be needed to go on. */
  readonly atEnd?: (stopped: PhaseEnd['stopped']) => void;
  readonly stopAsked: () => boolean;
  /** The epoch after which a trial of a search waits, its state in a checkpoint; null: there is none. */
  readonly until?: number | null;
}

export interface PhaseEnd {
  /** Epoch whose weights the model holds now. */
  readonly epoch: number;
  readonly stopped: 'epochs' | 'patience' | 'user' | 'rung';
}

/** A phase that has not begun. */
export function freshPhase(seconds: Seconds): PhaseState {
  return { epochs: [], best: null, reference: null, waited: 0, seconds };
}

/**
 * Trains from where `state` stands, and leaves the model with the weights of the best epoch.
 * @throws WorkbenchError `loss-exploded`
 */
export async function trainPhase(state: PhaseState, options: PhaseOptions): Promise<PhaseEnd> {
  const { model, validate } = options;
  let stopped = endOf(state, options);
  while (stopped === null) {
    const epoch = state.epochs.length + 1;
    const { record, byUser } = await trainOneEpoch(epoch, state, options);
    state.epochs.push(record);
    if (validate) keepBest(state, record, byUser, options);
    options.afterEpoch(record);
    stopped = endOf(state, options);
  }
  options.atEnd?.(stopped);
  const last = state.epochs.length;
  if (!validate || !state.best || state.best.epoch === last) return { epoch: last, stopped };
  if (!state.best.weights) throw new Error(`no weights of epoch ${state.best.epoch} were kept`);
  model.restoreWeights(state.best.weights);
  state.best.weights = null;
  collectGarbage();
  return { epoch: state.best.epoch, stopped };
}

async function trainOneEpoch(
  epoch: number,
  state: PhaseState,
  options: PhaseOptions,
): Promise<{ readonly record: Epoch; readonly byUser: TargetByUser | null }> {
  const started = performance.now();
  const { loss } = await options.model.trainEpoch(epoch, (done) => options.tick(epoch, done));
  const seconds = (performance.now() - started) / 1000;
  state.seconds.train += seconds;
  options.guard.check(epoch, loss, state.epochs[0]?.loss ?? loss);
  if (!options.validate) return { record: { epoch, loss, seconds, validation: {} }, byUser: null };
  const validating = performance.now();
  const { metrics, byUser } = await options.validate(options.model.scorer(), epoch);
  state.seconds.evaluate += (performance.now() - validating) / 1000;
  return { record: { epoch, loss, seconds, validation: metrics }, byUser };
}

/**
 * Keeps the weights of the epoch with the best figure, and counts the epochs since one that was better beyond noise. A
 * figure that is not a number is never better, so its weights are never kept over others.
 */
function keepBest(
  state: PhaseState,
  record: Epoch,
  byUser: TargetByUser | null,
  { model, target, epochs, stopping }: PhaseOptions,
): void {
  const value = valueOf(target, record.validation);
  const first = state.best === null || Number.isNaN(state.best.value);
  const better = first || isBetter(target, value, state.best?.value ?? Number.NaN);
  const counts =
    first || stopping.noiseMargin === 0 || !byUser || !state.reference
      ? better
      : standardErrorsBetter(target, state.reference, byUser) > stopping.noiseMargin;
  state.waited = counts ? 0 : state.waited + 1;
  if (counts) state.reference = byUser;
  if (!better) return;
  // Let go of before the next is copied: both at once are the largest thing in memory.
  const released = bytesIn(state.best?.weights ?? {});
  state.best = { epoch: record.epoch, value, weights: null };
  collectIfGrown(released);
  // The last epoch's weights are in the model anyway.
  if (record.epoch < epochs) state.best.weights = model.weights();
}

function bytesIn(weights: ModelState): number {
  return Object.values(weights).reduce((sum, array) => sum + array.byteLength, 0);
}

function endOf(state: PhaseState, options: PhaseOptions): PhaseEnd['stopped'] | null {
  if (state.epochs.length >= options.epochs) return 'epochs';
  const { patience, minimumEpochs } = options.stopping;
  if (patience > 0 && state.waited >= patience && state.epochs.length >= minimumEpochs) return 'patience';
  if (options.until && state.epochs.length >= options.until) return 'rung';
  return state.epochs.length > 0 && options.stopAsked() ? 'user' : null;
}

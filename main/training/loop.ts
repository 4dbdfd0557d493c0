/**
 * Runs a trial: trains with early stopping on validation, refits where asked, tests once. Knows nothing of processes,
 * databases or windows.
 */
import type { ComputeName, Parameters } from '../../shared/config.ts';
import { dataNotes } from './data-notes.ts';
import { TRAIN, VALIDATION, selectRows } from '../ratings/ratings.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { ModelDefinition } from '../model/model.ts';
import { CheckpointPace, decodeCheckpoint, identityOf } from './checkpoint.ts';
import type { Checkpoint, ChosenEpochs } from './checkpoint.ts';
import { collectGarbage } from './collect.ts';
import { CostMeter } from './cost-meter.ts';
import { chooseCompute } from './choose-compute.ts';
import type { OpenedModel } from './choose-compute.ts';
import { LossGuard } from './health.ts';
import { median, peakMemoryMb } from './measure.ts';
import { sizeOf } from '../model/counts.ts';
import { resolveParameters } from '../model/parameters.ts';
import { freshPhase, trainPhase } from './phase.ts';
import type { PhaseEnd, PhaseState, Seconds } from './phase.ts';
import { defaultServices } from './services.ts';
import { targetOf } from './targets.ts';
import { Ticker } from './ticker.ts';
import type { Trial, TrialCallbacks, TrialResult, TrialServices, TuningResult } from './trial.ts';
import { Validator } from './validation.ts';
import { learnsFrom } from '../model/learns-from.ts';

/**
 * @param services what tests replace: models, evaluation, ranking
 * @throws WorkbenchError `cancelled`, `loss-exploded`, `compute-unavailable`, `invalid-parameter`, …
 */
export async function runTrial(
  trial: Trial,
  callbacks: TrialCallbacks = {},
  services?: TrialServices,
): Promise<TrialResult> {
  return new RunningTrial(trial, callbacks, services ?? (await defaultServices())).run();
}

/**
 * A trial of a search: trains on train, validates after each epoch, and ends after epoch `until` with a checkpoint of
 * that moment. The test part is not looked at.
 * @throws WorkbenchError as `runTrial`; `no-validation` where the split has no validation part
 */
export async function tuneTrial(
  trial: Trial,
  until: number | null,
  callbacks: TrialCallbacks = {},
  services?: TrialServices,
): Promise<TuningResult> {
  return new RunningTrial(trial, callbacks, services ?? (await defaultServices())).tune(until);
}

class RunningTrial {
  readonly #trial: Trial;
  readonly #callbacks: TrialCallbacks;
  readonly #services: TrialServices;
  readonly #definition: ModelDefinition;
  readonly #parameters: Parameters;
  readonly #target: string;
  readonly #resumed: Checkpoint | null;
  readonly #ticker: Ticker;
  readonly #notes = new Set<string>();
  /** Summed over all phases, and over what the run took before it was interrupted. */
  readonly #seconds: Seconds;
  /** The engine that the first phase or the run before took: whatever follows takes the same. */
  #compute: { readonly name: ComputeName; readonly threads: number | null };
  #started = false;
  #endKept = false;
  readonly #checkpoints: CheckpointPace;
  readonly #cost: CostMeter;

  constructor(trial: Trial, callbacks: TrialCallbacks, services: TrialServices) {
    const { config, ratings } = trial;
    const definition = services.findModel(config.model);
    if (!definition)
      throw new WorkbenchError('unknown-model', `There is no model "${config.model}".`, 'See: models.');
    this.#trial = trial;
    this.#callbacks = callbacks;
    this.#services = services;
    this.#definition = definition;
    this.#parameters = resolveParameters(definition, config.parameters, sizeOf(ratings));
    this.#target = targetOf(definition, config.evaluation, ratings.implicit);
    const identity = identityOf(trial, this.#parameters);
    this.#resumed = trial.checkpoint ? decodeCheckpoint(trial.checkpoint, identity) : null;
    this.#ticker = new Ticker(callbacks);
    this.#checkpoints = new CheckpointPace(trial, callbacks, identity);
    const before = this.#resumed?.meta;
    this.#cost = new CostMeter(before?.cost ?? null);
    this.#seconds = { ...(before?.seconds ?? { train: 0, evaluate: 0 }) };
    this.#compute = before
      ? { name: before.compute.engine, threads: before.compute.threads }
      : { name: config.compute, threads: config.threads };
  }

  async run(): Promise<TrialResult> {
    try {
      return await this.#run();
    } finally {
      this.#cost.stop();
    }
  }

  async #run(): Promise<TrialResult> {
    const { split, config } = this.#trial;
    const { positive } = config.evaluation;
    for (const note of dataNotes(this.#trial, this.#definition)) this.#notes.add(note);
    if (positive !== null && this.#definition.kind !== 'ratings')
      this.#notes.add(`Ratings below ${positive} counted as no interaction, in training as in the figures.`);
    const validates = split.part.includes(VALIDATION);
    if (!validates && config.split.validation !== 'none')
      this.#notes.add('No row was left for validation: all epochs were trained, without early stopping.');
    if (!validates && config.refit) this.#notes.add('There was no validation part to refit on.');
    if (validates && config.refit) {
      const chosen = this.#resumed?.meta.chosen ?? (await this.#using(TRAIN, (on) => this.#select(on, true)));
      collectGarbage();
      return this.#using(VALIDATION, (on) => this.#refit(on, chosen));
    }
    return this.#using(TRAIN, async (on) => this.#test(on, await this.#select(on, validates), false));
  }

  async tune(until: number | null): Promise<TuningResult> {
    try {
      return await this.#tune(until);
    } finally {
      this.#cost.stop();
    }
  }

  async #tune(until: number | null): Promise<TuningResult> {
    if (!this.#trial.split.part.includes(VALIDATION))
      throw new WorkbenchError(
        'no-validation',
        'A search chooses by validation figures, and no row of this split is left for validation.',
        'Choose a split with a validation part.',
      );
    for (const note of dataNotes(this.#trial, this.#definition)) this.#notes.add(note);
    return this.#using(TRAIN, async (on) => {
      const ranking = await this.#services.openRanking(on.kernels, this.#trial.config.threads);
      try {
        const validator = this.#validator(on, ranking?.rank);
        if (validator.note) this.#notes.add(validator.note);
        const state = this.#phaseState('select', on);
        const epochs = this.#definition.iterative ? Number(this.#parameters['epochs']) : 1;
        const { epoch, stopped } = await this.#train('select', on, state, epochs, validator, null, until);
        return {
          compute: on.record,
          parameters: this.#parameters,
          target: this.#target,
          epochs: state.epochs,
          bestEpoch: epoch,
          stopped,
          validation: state.epochs[epoch - 1].validation,
          seconds: this.#seconds,
          examplesPerSecond: on.model.examplesPerEpoch / median(state.epochs.map(({ seconds }) => seconds)),
          peakMemoryMb: peakMemoryMb(),
          cost: this.#cost.read(),
          notes: [...this.#notes],
        };
      } finally {
        ranking?.dispose();
      }
    });
  }

  /** Trains with early stopping where there is a validation part; the model keeps the best weights. */
  async #select(on: OpenedModel, validates: boolean): Promise<ChosenEpochs> {
    const { config } = this.#trial;
    const ranking = validates ? await this.#services.openRanking(on.kernels, config.threads) : null;
    try {
      const validator = validates ? this.#validator(on, ranking?.rank) : null;
      if (validator?.note) this.#notes.add(validator.note);
      const epochs = this.#definition.iterative ? Number(this.#parameters['epochs']) : 1;
      const state = this.#phaseState('select', on);
      const end = await this.#train('select', on, state, epochs, validator, null);
      const full =
        validator &&
        (await this.#timed(() => validator.inFull(on.model.scorer(), this.#ticker.at('validation'))));
      if (validator && epochs > 1 && end.epoch === epochs)
        this.#notes.add(
          `The best epoch was the last one, ${epochs} of ${epochs}: more epochs may do better (Continue training), or a higher learning rate.`,
        );
      for (const alarm of full?.alarms ?? []) this.#notes.add(`On validation: ${alarm}`);
      const validation = full?.metrics ?? {};
      return {
        epochs: end.epoch,
        stopped: end.stopped,
        validation,
        notes: [...this.#notes],
        records: state.epochs,
      };
    } finally {
      ranking?.dispose();
    }
  }

  /** Trains again, from the beginning, on train + validation for the chosen number of epochs. */
  async #refit(on: OpenedModel, chosen: ChosenEpochs): Promise<TrialResult> {
    for (const note of chosen.notes) this.#notes.add(note);
    await this.#train('refit', on, this.#phaseState('refit', on), chosen.epochs, null, chosen);
    return this.#test(on, chosen, true);
  }

  async #test(on: OpenedModel, chosen: ChosenEpochs, refit: boolean): Promise<TrialResult> {
    const { ratings, split, config, genres } = this.#trial;
    const ranking = await this.#services.openRanking(on.kernels, config.threads);
    try {
      const test = await this.#timed(() =>
        this.#services.evaluate({
          ratings,
          split,
          part: 'test',
          kind: this.#definition.kind,
          refit,
          genres: genres ?? null,
          scorer: on.model.scorer(),
          config: config.evaluation,
          tick: this.#ticker.at('test'),
          ...(ranking && { rank: ranking.rank }),
        }),
      );
      for (const alarm of test.alarms) this.#notes.add(alarm);
      // Copying the weights takes much memory, so the garbage of the evaluation is collected before it.
      collectGarbage();
      const weights = on.model.weights();
      return {
        compute: on.record,
        parameters: this.#parameters,
        target: this.#target,
        epochs: chosen.records,
        bestEpoch: chosen.epochs,
        stopped: chosen.stopped,
        metrics: { validation: chosen.validation, test: test.metrics },
        seconds: this.#seconds,
        examplesPerSecond: on.model.examplesPerEpoch / median(chosen.records.map(({ seconds }) => seconds)),
        peakMemoryMb: peakMemoryMb(),
        cost: this.#cost.read(),
        weights,
        refit,
        endKept: this.#endKept,
        test,
        notes: [...this.#notes],
      };
    } finally {
      ranking?.dispose();
    }
  }

  #train(
    phase: 'select' | 'refit',
    on: OpenedModel,
    state: PhaseState,
    epochs: number,
    validator: Validator | null,
    chosen: ChosenEpochs | null,
    until: number | null = null,
  ): Promise<PhaseEnd> {
    const stage = phase === 'select' ? 'training' : 'refit';
    const { examplesPerEpoch } = on.model;
    const { model, record: compute } = on;
    const moment = () => ({ phase, state, chosen, model, compute, cost: this.#cost.read() });
    return trainPhase(state, {
      model: on.model,
      epochs,
      guard: new LossGuard(this.#definition, this.#parameters, this.#trial.ratings),
      target: this.#target,
      stopping: {
        patience: Number(this.#parameters['patience'] ?? 0),
        noiseMargin: Number(this.#parameters['noiseMargin'] ?? 0),
        minimumEpochs: Number(this.#parameters['minimumEpochs'] ?? 1),
      },
      validate: validator && ((scorer) => validator.afterEpoch(scorer, this.#ticker.at('validation'))),
      tick: (epoch, done) => this.#ticker.tick({ stage, epoch, epochs, done, total: examplesPerEpoch }),
      stopAsked: () => phase === 'select' && this.#ticker.stopAsked,
      until,
      atEnd: (stopped) => {
        this.#endKept = this.#mayGoOn(stopped, state, validator) && this.#checkpoints.keepEnd(moment());
      },
      afterEpoch: (record) => {
        if (phase === 'select') this.#callbacks.epoch?.(record);
        const failure = this.#checkpoints.offer({ ...moment(), due: record.epoch === until });
        if (failure) this.#notes.add(failure);
      },
    });
  }

  /**
   * Whether more epochs could do better: the last one was the best, or somebody stopped it. Not with a refit, whose
   * checkpoints take the place of those before.
   */
  #mayGoOn(stopped: PhaseEnd['stopped'], { epochs, best }: PhaseState, validator: Validator | null): boolean {
    if (this.#trial.config.refit || !this.#definition.iterative) return false;
    if (stopped === 'patience' || stopped === 'rung') return false;
    return stopped === 'user' || !validator || best?.epoch === epochs.length;
  }

  /** Where a phase begins: at its start, or where the checkpoint left it (the model is restored as well). */
  #phaseState(phase: 'select' | 'refit', on: OpenedModel): PhaseState {
    if (this.#resumed?.meta.phase !== phase) return freshPhase(this.#seconds);
    const { meta, model, best, reference } = this.#resumed;
    on.model.restore(model);
    return {
      epochs: [...meta.epochs],
      best: meta.best && { ...meta.best, weights: best ?? on.model.weights() },
      reference,
      waited: meta.waited,
      seconds: this.#seconds,
    };
  }

  #validator(on: OpenedModel, rank: ConstructorParameters<typeof Validator>[0]['rank']): Validator {
    const { ratings, split, config, genres } = this.#trial;
    return new Validator({
      ratings,
      split,
      rank,
      definition: this.#definition,
      genres: genres ?? null,
      config: config.evaluation,
      evaluate: this.#services.evaluate,
      examplesPerEpoch: on.model.examplesPerEpoch,
      parameters: this.#parameters,
      target: this.#target,
    });
  }

  /** Opens the model on the rows of parts up to `last` that it learns from, for the time of `use`. */
  async #using<T>(
    last: typeof TRAIN | typeof VALIDATION,
    use: (opened: OpenedModel) => Promise<T>,
  ): Promise<T> {
    const opened = await this.#open(last);
    // Making a model leaves arrays behind that nothing refers to any more; they are freed before the first epoch.
    collectGarbage();
    try {
      const { record } = opened;
      if (record.note) this.#notes.add(record.note);
      this.#compute = { name: record.engine, threads: record.threads };
      if (!this.#started) {
        const before = this.#resumed?.meta;
        this.#callbacks.started?.(record, this.#target, before?.chosen?.records ?? before?.epochs ?? []);
      }
      this.#started = true;
      return await use(opened);
    } finally {
      opened.dispose();
      await opened.kernels?.ended;
    }
  }

  /** The train rows are the model's alone: what it does not hold on to is free again. */
  async #open(last: typeof TRAIN | typeof VALIDATION): Promise<OpenedModel> {
    const { ratings, split, config } = this.#trial;
    const learned = learnsFrom(this.#definition.kind, config.evaluation.positive);
    const train = selectRows(
      { ...ratings, time: null },
      (row) => split.part[row] <= last && learned(ratings.value[row]),
    );
    const { name, threads } = this.#compute;
    const started = performance.now();
    const context = { train, parameters: this.#parameters, seed: config.seed };
    const opened = await chooseCompute(this.#definition, name, threads, context);
    this.#seconds.train += (performance.now() - started) / 1000;
    return opened;
  }

  /** Runs an evaluation on the evaluation's clock. */
  async #timed<T>(evaluate: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await evaluate();
    } finally {
      this.#seconds.evaluate += (performance.now() - started) / 1000;
    }
  }
}

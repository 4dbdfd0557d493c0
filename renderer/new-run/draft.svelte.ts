/** The run that is being put together; it stays while other screens are open. */
import type {
  EvaluationConfig,
  Parameters,
  ParameterValue,
  RunConfig,
  SplitConfig,
} from '../../shared/config.ts';
import type { ModelInfo } from '../../shared/contract.ts';
import { metricDefinition } from '../../shared/metrics/registry.ts';
import { parseMetric } from '../lib/metrics.ts';
import { session } from '../state/session.svelte.ts';
import { readField, readSeeds } from './parse.ts';
import { lengthsWith, targetOf } from './target.ts';

/** The engine takes as many configurations at once. */
export const MOST_RUNS = 500;

class Draft {
  /** Empty until the models are known. */
  model = $state('');
  preset = $state('');
  /** Fields as typed. */
  fields = $state<Record<string, string>>({});
  /** What the fields started from: defaults, a preset or a cloned run. */
  base = $state.raw<Record<string, string>>({});
  from = $state<string | null>(null);
  split = $state<SplitConfig>(defaultSplit());
  /** The split that the data set could not have: it is taken again with one that can. */
  wished = $state<SplitConfig['name'] | null>(null);
  evaluation = $state.raw<EvaluationConfig>(defaultEvaluation());
  targetMetric = $state('ndcg');
  k = $state(10);
  seeds = $state('1');
  refit = $state(false);
  compute = $state<RunConfig['compute']>('auto');
  threads = $state<number | null>(null);
  baselines = $state<Record<string, boolean>>({});
  name = $state('');
  view = $state<'form' | 'json'>('form');

  get info(): ModelInfo | null {
    return session.model(this.model);
  }

  /** Takes the first model, where none was chosen yet. */
  begin(): void {
    const [first] = session.models;
    if (first && Object.keys(this.fields).length === 0) this.chooseModel(first.name);
  }

  /** Takes a model's defaults; the rest of the draft stays. */
  chooseModel(name: string): void {
    const info = session.model(name);
    if (!info) return;
    this.model = name;
    this.preset = '';
    this.from = null;
    this.setFields(info, {});
    const ranking = info.kind !== 'ratings';
    if (ranking && this.targetMetric === 'rmse') this.targetMetric = 'ndcg';
    if (!ranking && this.targetMetric === 'ndcg') this.targetMetric = 'rmse';
  }

  setFields(info: ModelInfo, values: Record<string, ParameterValue>): void {
    const fields: Record<string, string> = {};
    for (const parameter of info.parameters) {
      fields[parameter.name] = String(values[parameter.name] ?? parameter.default);
    }
    this.fields = fields;
    this.base = { ...fields };
  }

  /** Takes a whole configuration: a preset, a clone or pasted JSON. Changes to it are marked as such. */
  take(config: RunConfig, from: string | null, changes: Parameters = {}): void {
    const info = session.model(config.model);
    if (!info) return;
    this.model = config.model;
    this.preset = config.preset ?? '';
    this.setFields(info, config.parameters);
    for (const [name, value] of Object.entries(changes)) this.fields[name] = String(value);
    this.from = from;
    this.split = { ...config.split };
    this.evaluation = config.evaluation;
    const target = config.evaluation.target ?? (info.kind === 'ratings' ? 'rmse' : 'ndcg@10');
    const { base, k } = parseMetric(target);
    this.targetMetric = base;
    this.k = k ?? 10;
    this.seeds = String(config.seed);
    this.refit = config.refit;
    this.compute = config.compute;
    this.threads = config.threads;
  }

  get changed(): string[] {
    return Object.keys(this.fields).filter((name) => this.fields[name]?.trim() !== this.base[name]);
  }

  get errors(): Record<string, string> {
    const errors: Record<string, string> = {};
    for (const parameter of this.info?.parameters ?? []) {
      const { error } = readField(parameter, this.fields[parameter.name] ?? '');
      if (error !== null) errors[parameter.name] = error;
    }
    const { error } = readSeeds(this.seeds);
    if (error !== null) errors['seeds'] = error;
    return errors;
  }

  get target(): string {
    return targetOf(this);
  }

  /** One configuration a seed, baselines left out; empty while something cannot be read. */
  readonly configs: RunConfig[] = $derived.by(() => {
    if (!this.info || Object.keys(this.errors).length > 0) return [];
    const parameters: Parameters = {};
    for (const parameter of this.info.parameters) {
      const { value } = readField(parameter, this.fields[parameter.name] ?? '');
      if (value !== null) parameters[parameter.name] = value;
    }
    return readSeeds(this.seeds).seeds.map((seed) => this.config(this.model, seed, parameters));
  });

  get baselineConfigs(): RunConfig[] {
    const seed = readSeeds(this.seeds).seeds[0] ?? 1;
    return session.models
      .filter((info) => info.baseline && info.name !== this.model && this.isTicked(info.name))
      .map((info) => this.config(info.name, seed, {}));
  }

  isTicked(baseline: string): boolean {
    const known = this.baselines[baseline];
    if (known !== undefined) return known;
    const info = session.model(baseline);
    if (!info || info.cost !== 'fast') return false;
    return info.parameters.length === 0 || (info.kind === 'ratings') === (this.info?.kind === 'ratings');
  }

  /** A model that only ranks cannot be chosen by the error of its ratings: it takes its own target. */
  private targetFor(model: string): string | null {
    const ranks = session.model(model)?.kind !== 'ratings';
    return ranks && metricDefinition(this.targetMetric)?.family === 'ratings' ? null : this.target;
  }

  /** With the data, the split and the target of the form. */
  config(model: string, seed: number, parameters: RunConfig['parameters']): RunConfig {
    return {
      model,
      preset: model === this.model && this.preset && this.changed.length === 0 ? this.preset : null,
      parameters,
      split: $state.snapshot(this.split),
      evaluation: {
        ...this.evaluation,
        k: lengthsWith(this.evaluation.k, this.k),
        target: this.targetFor(model),
      },
      seed,
      refit: model === this.model && this.refit && this.split.validation === 'auto',
      compute: this.compute,
      threads: this.threads,
    };
  }
}

function defaultSplit(): SplitConfig {
  return {
    name: 'leave-last-out',
    testShare: 0.1,
    seed: 1,
    ties: 'last',
    folds: 5,
    fold: 0,
    validation: 'auto',
  };
}

function defaultEvaluation(): EvaluationConfig {
  return {
    candidates: 'all',
    candidateSeed: 1,
    keepSeen: false,
    positive: null,
    k: [5, 10, 20, 50],
    target: null,
  };
}

export const draft = new Draft();

/** From what is asked for to a plan: every model with its space, first points and search. All is checked here. */
import * as v from 'valibot';
import type { Parameters, ParameterSchema, RunConfig } from '../../../shared/config.ts';
import type { Checked, Dataset } from '../../../shared/contract.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import { type Dimension, SearchSpace } from '../../../shared/search.ts';
import { ownDimension, parseSpec, SpecError } from '../../../shared/search-spec.ts';
import type { SearchKind } from '../../../shared/sweeps.ts';
import { FEWEST_FOR_ASHA, unfitReason, USUAL_TRIALS } from '../../../shared/tournament.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { resolveParameters, schemaOf } from '../../model/parameters.ts';
import { stoppingParameters } from '../../model/stopping-parameters.ts';
import { models } from '../../models/registry.ts';
import { gridPoints } from '../../search/grid.ts';
import { isActive, type Point } from '../../search/space.ts';
import type { SearchSettings } from '../../search/search.ts';
import { targetOf } from '../../training/targets.ts';
import { assertPossible } from '../datasets/possible.ts';
import { modelOf } from '../runs/known-model.ts';
import { assertWritten } from '../../training/choose-compute.ts';

/** Reduction factor of ASHA. */
const ETA = 3;
/** Configurations of papers that a tournament tries after the default. */
const PRESETS = 2;

export interface PlannedEntry {
  readonly model: string;
  /** What its trials and its end share. */
  readonly config: RunConfig;
  readonly space: readonly Dimension[];
  readonly kind: SearchKind;
  readonly search: Pick<SearchSettings, 'method' | 'eta' | 'epochs' | 'steps' | 'first'>;
}

export interface Plan {
  readonly entries: readonly PlannedEntry[];
  /** The metric that decides, on validation. */
  readonly metric: string;
  readonly budget: { readonly minutes: number | null; readonly trials: number | null };
  readonly seeds: number;
  /** Trials of an entry at once. */
  readonly parallel: number;
  /** Trials at once were asked for: the queue has as many runs meanwhile. */
  readonly raises: boolean;
  readonly searchSeed: number;
  readonly finalSeeds: number;
}

/** @throws WorkbenchError where the model, its space, the split or the metric do not go together */
export function planSweep(asked: Checked<'sweeps.start'>, dataset: Dataset, parallel: number): Plan {
  const { config, space: specs, finalSeeds, seeds, searchSeed, steps, minutes } = asked;
  const model = modelOf(config);
  assertTunable(config, dataset, model);
  const base = resolveParameters(model, config.parameters, dataset);
  const space = specs ? givenSpace(model, specs) : ownSpace(model, config.parameters, base);
  if (space.length === 0)
    throw new WorkbenchError(
      'nothing-to-vary',
      `${model.title} has nothing that a search would vary.`,
      'Name what may vary, e.g. --space learningRate=log:0.001..0.1.',
    );
  const trials = asked.trials ?? (minutes === null ? usualTrials(asked.search, space, steps) : null);
  const kind = asked.search ?? usualSearch(model, space, asked.trials, base);
  const target = targetOf(model, config.evaluation, dataset.implicit);
  return {
    entries: [
      {
        model: model.name,
        config: {
          ...config,
          preset: null,
          parameters: without(given(config.parameters, base), space),
          refit: false,
        },
        space,
        kind,
        search: {
          ...searchOf(model, kind, base, space),
          steps,
          // The default is one more point of the model's own space, and stands outside of one that was given.
          first: specs ? [] : [pointOf(space, base)],
        },
      },
    ],
    metric: target,
    budget: { minutes, trials },
    ...{ seeds, parallel, searchSeed, finalSeeds, raises: asked.parallel !== null },
  };
}

/** @throws WorkbenchError as `planSweep` */
export function planTournament(asked: Checked<'sweeps.tournament'>, dataset: Dataset): Plan {
  const { split, evaluation, seed, finalSeeds, minutes } = asked;
  const chosen = asked.models
    ? [...new Set(asked.models)].map((name) => modelOf({ model: name }))
    : models.filter((model) => unfitReason(model, dataset, asked.metric) === null);
  const metric = asked.metric ?? usualMetric(chosen, dataset, evaluation.k);
  const trials = asked.trials ?? (minutes === null ? USUAL_TRIALS : null);
  const entries = chosen.map((model): PlannedEntry => {
    const config: RunConfig = {
      model: model.name,
      preset: null,
      parameters: {},
      split,
      evaluation: { ...evaluation, target: metric },
      seed,
      refit: false,
      compute: 'auto',
      threads: null,
    };
    assertTunable(config, dataset, model);
    targetOf(model, config.evaluation, dataset.implicit);
    const base = resolveParameters(model, {}, dataset);
    const space = ownSpace(model, {}, base);
    const asha = model.iterative && (trials === null || trials >= FEWEST_FOR_ASHA);
    const kind = asha ? 'asha+tpe' : 'tpe';
    const presets = (model.presets ?? []).slice(0, PRESETS).map(({ parameters }) => {
      const values = { ...base, ...resolveParameters(model, parameters ?? {}, dataset) };
      const own = without(parameters ?? {}, [...space, { name: 'epochs' }, ...stoppingParameters]);
      return { ...pointOf(space, values), ...own };
    });
    return {
      model: model.name,
      config,
      space,
      kind,
      search: { ...searchOf(model, kind, base, space), first: [pointOf(space, base), ...presets] },
    };
  });
  return {
    entries,
    metric,
    budget: { minutes, trials },
    // One at a time of each model, whatever the machine: the same trials in the same order.
    ...{ seeds: 1, parallel: 1, searchSeed: seed, finalSeeds, raises: false },
  };
}

export function directionOf({ metric }: Pick<Plan, 'metric'>): 'higher' | 'lower' {
  return metricDirection(metric) > 0 ? 'higher' : 'lower';
}

/** What the data need, and that something is left for validation. */
function assertTunable(config: RunConfig, dataset: Dataset, model: ModelDefinition): void {
  if (config.split.name === 'k-fold' || config.split.name === 'rolling')
    throw new WorkbenchError(
      'no-folds-here',
      'A search tests once, on one split, not on folds or windows of time.',
      'Choose another split, such as random or leave-last-out.',
    );
  if (config.split.validation === 'none')
    throw new WorkbenchError(
      'no-validation',
      'A search chooses by validation figures, and this split has no validation part.',
      'Leave out --validation none.',
    );
  assertPossible(config, dataset);
  assertWritten(model, config.compute);
}

function usualMetric(chosen: readonly ModelDefinition[], dataset: Dataset, k: readonly number[]): string {
  if (!dataset.implicit && chosen.every(({ kind }) => kind === 'ratings')) return 'rmse';
  return `ndcg@${k.includes(10) ? 10 : k[0]}`;
}

function givenSpace(model: ModelDefinition, specs: Readonly<Record<string, string>>): Dimension[] {
  const schema = new Map(schemaOf(model).map((parameter) => [parameter.name, parameter]));
  // Names that the model does not have are told as for a run.
  resolveParameters(
    model,
    Object.fromEntries(Object.keys(specs).map((name) => [name, defaultOf(schema.get(name))])),
  );
  const space = Object.entries(specs).map(([name, text]) => {
    try {
      return parseSpec(schema.get(name) as ParameterSchema, text);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      throw new WorkbenchError(
        'invalid-space',
        error.message,
        'Write values (a,b,c) or a range (lo..hi, log:lo..hi, int:lo..hi).',
      );
    }
  });
  return v.parse(SearchSpace, withConditions(space, schema));
}

/** As in the model's own space: what has a use with some choices alone is there with them, and stands after them. */
function withConditions(
  space: readonly Dimension[],
  schema: ReadonlyMap<string, ParameterSchema>,
): readonly Dimension[] {
  const conditioned = space.map((dimension): Dimension => {
    const when = schema.get(dimension.name)?.search?.when;
    const on = when && space.find(({ name }) => name === when.name);
    const values = on?.kind === 'choice' ? on.values.filter((value) => when?.values.includes(value)) : [];
    return when && values.length > 0 ? { ...dimension, when: { name: when.name, values } } : dimension;
  });
  return [...conditioned.filter(({ when }) => !when), ...conditioned.filter(({ when }) => when)];
}

const defaultOf = (schema: ParameterSchema | undefined): Parameters[string] => schema?.default ?? '';

/** Where the model has a search look, without what was fixed; conditions on what was fixed hold or do not. */
function ownSpace(model: ModelDefinition, fixed: Parameters, base: Parameters): Dimension[] {
  return schemaOf(model).flatMap((schema): Dimension[] => {
    const dimension = ownDimension(schema);
    if (!dimension || schema.name in fixed) return [];
    const { when, ...free } = dimension;
    if (!when || !(when.name in fixed)) return [dimension];
    return when.values.includes(base[when.name]) ? [free] : [];
  });
}

function searchOf(
  model: ModelDefinition,
  kind: SearchKind,
  base: Parameters,
  space: readonly Dimension[],
): PlannedEntry['search'] {
  const asha = kind === 'asha' || kind === 'asha+tpe';
  const most = model.iterative ? Number(base['epochs']) : 1;
  if (asha && !model.iterative)
    throw new WorkbenchError(
      'no-epochs',
      `${model.title} has no epochs, so there is no rung of ASHA to stop at.`,
      'Search by tpe, random or grid.',
    );
  if (asha && space.some(({ name }) => name === 'epochs'))
    throw new WorkbenchError(
      'epochs-are-rungs',
      'ASHA decides how many epochs a trial gets, so they cannot vary as well.',
      'Leave epochs out of the space (--set epochs=N is the most), or search by tpe, random or grid.',
    );
  const halvings = Math.min(3, Math.floor(Math.log(most) / Math.log(ETA) + 1e-9));
  return {
    method: kind === 'grid' ? 'grid' : kind === 'tpe' || kind === 'asha+tpe' ? 'tpe' : 'random',
    eta: asha && halvings > 0 ? ETA : null,
    epochs: { least: asha ? Math.ceil(most / ETA ** halvings - 1e-9) : most, most },
  };
}

function usualSearch(
  model: ModelDefinition,
  space: readonly Dimension[],
  trials: number | null,
  base: Parameters,
): SearchKind {
  if (trials === null && space.every(({ kind }) => kind === 'choice')) return 'grid';
  const rungs =
    model.iterative && Number(base['epochs']) >= ETA && space.every(({ name }) => name !== 'epochs');
  return rungs && (trials === null || trials >= FEWEST_FOR_ASHA) ? 'asha+tpe' : 'tpe';
}

/** All of a grid; so many of another search. */
function usualTrials(search: SearchKind | null, space: readonly Dimension[], steps: number): number {
  const grid = search === 'grid' || (search === null && space.every(({ kind }) => kind === 'choice'));
  if (!grid) return USUAL_TRIALS;
  let size = 0;
  for (const _ of gridPoints(space as SearchSpace, steps)) {
    size++;
    if (size > 10_000)
      throw new WorkbenchError(
        'grid-too-large',
        'This grid has over 10,000 points.',
        'Shorten a list, draw trials at random, or let tpe choose.',
      );
  }
  return size;
}

/** The values of the dimensions that are there. */
function pointOf(space: readonly Dimension[], values: Parameters): Point {
  const point: Point = {};
  for (const dimension of space)
    if (isActive(dimension, point)) point[dimension.name] = values[dimension.name];
  return point;
}

/** What was given, as the model reads it. */
function given(parameters: Parameters, resolved: Parameters): Parameters {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, resolved[name]]));
}

function without(parameters: Parameters, names: readonly { readonly name: string }[]): Parameters {
  const left = Object.entries(parameters).filter(([key]) => names.every(({ name }) => name !== key));
  return Object.fromEntries(left);
}

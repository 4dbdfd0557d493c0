/**
 * What makes two runs alike, in one place for engine, command line and windows:
 * comparable (their figures may stand side by side), the same but for the seed (one group), the same run.
 */
import { candidateRule } from './compare.ts';
import { type Parameters, type RunConfig, type SplitConfig, WINDOWS } from './config.ts';

/** What the keys are made of; a run that waits has all of it but the hash of its split. */
export interface RunIdentity {
  readonly model: string;
  /** With the model's defaults filled in. */
  readonly parameters: Parameters;
  readonly config: Pick<RunConfig, 'split' | 'evaluation' | 'refit'>;
  readonly seed: number;
  readonly fingerprint: string;
  readonly split: { readonly hash: string } | null;
  /** The metric that chooses the epoch, named or the model's own. */
  readonly target: string;
}

/** The settings that a split of each name reads, beside its seed and validation; the others change nothing. */
const actingSettings: Readonly<Record<SplitConfig['name'], readonly (keyof SplitConfig)[]>> = {
  random: ['testShare'],
  'user-ratio': ['testShare'],
  'leave-last-out': ['ties'],
  'global-time': ['testShare'],
  'k-fold': ['folds', 'fold'],
  rolling: ['testShare', 'windows', 'window'],
  given: ['ties'],
};

/** Equal for runs that compare: the same data, split and candidates. */
export function comparisonKey(run: Pick<RunIdentity, 'fingerprint' | 'split' | 'config'>): string {
  const split = run.split?.hash ?? splitSettings(run.config.split);
  return JSON.stringify([run.fingerprint, split, candidateRule(run.config.evaluation)]);
}

/** Equal for runs that differ by nothing but their seed, where they were computed, and list lengths of metrics. */
export function configurationKey(run: RunIdentity): string {
  const { model, parameters, config, fingerprint, target } = run;
  const sorted = Object.entries(parameters)
    .filter(([name]) => name !== 'seed')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const rule = candidateRule(config.evaluation);
  return JSON.stringify([
    model,
    sorted,
    config.refit,
    fingerprint,
    splitSettings(config.split),
    rule,
    target,
  ]);
}

/** Equal for runs that give the same figures: their configuration, seed and list lengths. */
export function runKey(run: RunIdentity): string {
  return JSON.stringify([configurationKey(run), run.seed, run.config.evaluation.k]);
}

/** What acts of a split's configuration; the rest may differ between equal splits. */
export function splitSettings(split: SplitConfig): readonly unknown[] {
  const { name, seed, validation } = split;
  const told = name === 'rolling' ? { windows: WINDOWS, window: 0, ...split } : split;
  return [name, seed, validation, ...actingSettings[name].map((setting) => told[setting])];
}

import { factorPresets } from './presets-factors.ts';
import { autorecPresets } from './presets-autorec.ts';
import { closedFormPresets } from './presets-closed-forms.ts';
import { neuralPresets } from './presets-neural.ts';
import type { EvaluationConfig, Parameters, SplitConfig } from '../../shared/config.ts';

/** A published (or tuned) configuration that is known to reach a figure. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** Name of the model in the registry. */
  readonly model: string;
  /** Section of the book, or paper. */
  readonly source: string;
  /** The data that its figures are for, in words: "MovieLens 100K (u.data)". */
  readonly dataset: string;
  /** Beside the model's defaults. `epochs` is the number chosen on validation: it holds with `validation: 'none'`. */
  readonly parameters: Parameters;
  /** Applies unless the user gives another. */
  readonly split: Partial<SplitConfig>;
  readonly evaluation: Partial<EvaluationConfig>;
  /** Train on train + validation for the chosen epochs before the one test. */
  readonly refit: boolean;
  /** Figure that it is for, for the gallery: "RMSE .915 ± .005 (book .915)". */
  readonly expected: string;
}

/** Presets of the book's chapter 21, of the papers, and tuned ones; one row a configuration. */
export const presets: readonly Preset[] = [
  ...factorPresets,
  ...closedFormPresets,
  ...autorecPresets,
  ...neuralPresets,
];

/** A preset by its name, or undefined. */
export function findPreset(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}

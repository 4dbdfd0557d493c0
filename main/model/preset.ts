import type { EvaluationConfig, Parameters, SplitConfig } from '../../shared/config.ts';

/** A published (or tuned) configuration that is known to reach a figure. */
export interface Preset {
  readonly name: string;
  readonly title: string;
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

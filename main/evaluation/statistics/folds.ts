/** The difference of two models over the folds of a cross-validation. */
import { studentHalfWidth, studentTails } from './student.ts';

export interface FoldEstimate {
  /** Mean over the folds of b − a. */
  readonly difference: number;
  /** The 95 % confidence interval of the difference. */
  readonly interval: [number, number];
  readonly standardError: number;
  readonly freedom: number;
  readonly pValue: number;
}

/**
 * Corrected resampled t (Nadeau & Bengio, Inference for the generalization error, Machine Learning 2003, §5): the folds'
 * training parts overlap, so their differences are alike and s² / k is too small; the variance of their mean is taken
 * as (1 / k + test / train) · s², t with k − 1 degrees of freedom.
 * @param differences b − a of each of k ≥ 2 folds
 * @param testToTrain test rows to training rows of a fold: 1 / (k − 1) where nothing is set aside for validation
 */
export function compareFolds(differences: readonly number[], testToTrain: number): FoldEstimate {
  const k = differences.length;
  if (k < 2) throw new RangeError(`folds are compared from two on, got ${k}`);
  const difference = differences.reduce((a, b) => a + b, 0) / k;
  const variance = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0) / (k - 1);
  const freedom = k - 1;
  const standardError = Math.sqrt((1 / k + testToTrain) * variance);
  const half = standardError > 0 ? studentHalfWidth(0.05, freedom) * standardError : 0;
  return {
    difference,
    interval: [difference - half, difference + half],
    standardError,
    freedom,
    pValue: difference === 0 ? 1 : studentTails(difference / standardError, freedom),
  };
}

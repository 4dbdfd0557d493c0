/** When things have to end for a sweep to end on time. */
import type { Run } from '../../../shared/contract.ts';

/** Seconds that a process takes to begin and end, until some were measured. */
const USUAL_OVERHEAD = 1.5;

/** What is known of a trial that is trained again on train + validation. */
export interface TrialCost {
  readonly epochs: number;
  readonly bestEpoch: number;
  /** It was trained to its end. */
  readonly whole: boolean;
  /** Epochs that it may have at most. */
  readonly most: number;
  readonly train: number;
  readonly evaluate: number;
}

export function costOf(
  run: Pick<Run, 'epoch' | 'bestEpoch' | 'seconds' | 'epochs'>,
  whole: boolean,
): TrialCost {
  const { train, evaluate } = run.seconds;
  return {
    ...{ epochs: Math.max(1, run.epoch), bestEpoch: run.bestEpoch ?? run.epoch, whole, most: run.epochs },
    ...{ train, evaluate },
  };
}

/**
 * Seconds of one run at the end: it chooses its epochs on validation once more, trains so many on train + validation,
 * and ranks everybody on validation and on test, which takes about three validations of an epoch.
 */
export function finalSeconds(cost: TrialCost, overhead: number | null): number {
  const { epochs, whole, most } = cost;
  const [train, evaluate] = [cost.train / epochs, cost.evaluate / epochs];
  const chosen = whole ? epochs : most;
  const again = whole ? cost.bestEpoch : most;
  return (overhead ?? USUAL_OVERHEAD) + train * (chosen + again) + evaluate * (chosen + 3);
}

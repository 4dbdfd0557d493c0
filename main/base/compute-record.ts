import type { ComputeRecord } from '../../shared/config.ts';

/** The record of what computes: stored with the run, shown in the engine pill. */
export interface Compute {
  readonly record: ComputeRecord;
  dispose(): void;
}

/** What a report is made of. */
import type { CompareResult } from '../../../shared/compare.ts';
import type { Exposure } from '../../../shared/exposure.ts';
import type { Look } from '../../../shared/comparison/charts.ts';
import type { Dataset, Epoch, Run } from '../../../shared/contract.ts';

export interface ReportRun {
  readonly run: Run;
  readonly epochs: readonly Epoch[];
}

/** A run, or runs that count as one, as it stands in the comparison. */
export interface ReportUnit {
  readonly id: string;
  readonly look: Look;
  /** The run itself, or one a seed or fold. */
  readonly members: readonly ReportRun[];
}

export interface ReportFacts {
  readonly result: CompareResult;
  /** Null where the runs do not compare, or are folds. */
  readonly exposure: Exposure | null;
  /** In the order of the comparison. */
  readonly units: readonly ReportUnit[];
  readonly datasets: readonly Dataset[];
  /** Of the app and the libraries that figures depend on, as they write this. */
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

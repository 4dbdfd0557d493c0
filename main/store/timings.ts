/** What finished runs took: what predictions are made from. */
import type { Parameters } from '../../shared/config.ts';
import type { ReadableDatabase } from './database.ts';

export interface Timing {
  /** Id of its data set. */
  readonly dataset: string;
  readonly model: string;
  readonly parameters: Parameters;
  /** Epochs that it trained. */
  readonly epochs: number;
  /** Of training and evaluation. */
  readonly seconds: number;
  readonly peakMemoryMb: number | null;
}

interface Row {
  dataset: string;
  model: string;
  parameters: string;
  epoch: number;
  seconds: number;
  peak_memory_mb: number | null;
}

/**
 * The latest finished runs, trials of sweeps too, at most `limit`: thousands tell no more of a machine than some do.
 * @param where of one model, of one data set's content
 */
export function latestTimings(
  database: ReadableDatabase,
  { model = null, fingerprint = null }: { model?: string | null; fingerprint?: string | null },
  limit = 40,
): Timing[] {
  const rows = database
    .prepare(
      `SELECT datasets.id AS dataset, runs.model, parameters, epoch, peak_memory_mb,
         train_seconds + evaluate_seconds AS seconds
       FROM runs JOIN datasets ON datasets.key = runs.dataset
       WHERE runs.status = 'finished' AND (@model IS NULL OR runs.model = @model)
         AND (@fingerprint IS NULL OR runs.fingerprint = @fingerprint)
       ORDER BY runs.key DESC LIMIT @limit`,
    )
    .all({ model, fingerprint, limit }) as Row[];
  return rows.map(({ parameters, epoch, peak_memory_mb, ...row }) => ({
    ...row,
    parameters: JSON.parse(parameters) as Parameters,
    epochs: Math.max(1, epoch),
    peakMemoryMb: peak_memory_mb,
  }));
}

import type { ComparedData } from '../../evaluation/compare/compare.ts';
import { leakageReport } from '../../evaluation/splits/leakage.ts';
import { readArtifact } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { givenOf } from '../../store/ratings.ts';
import type { StoredRun } from '../../store/runs.ts';
import { readParts } from '../../store/splits.ts';
import type { LoadedDatasets } from '../loaded.ts';

/** The data set and split of a run, for slices and exposure. */
export function comparedDataOf(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  runKey: number,
  run: StoredRun,
): ComparedData | null {
  const { key, dataset } = findDataset(database, run.dataset);
  const part = run.split && readParts(database, key, run.split.hash);
  if (!part || !run.split) return null;
  const { ratings, genres, given } = loaded.get(dataset.id);
  const split = {
    config: run.config.split,
    hash: run.split.hash,
    part,
    ...(given?.candidates && { given: givenOf(given)?.candidates }),
  };
  const leakage = leakageReport(ratings, split, dataset.timeKind).lines;
  const ranks = (name: string) => readArtifact(database, runKey, 'ranks', name) as Uint32Array | null;
  const [rows, candidates] = [ranks('rows'), ranks('candidates')];
  const ranked = rows && candidates && { rows, candidates };
  return { ratings, part, timeKind: dataset.timeKind, genres, leakage, ...(ranked && { ranked }) };
}

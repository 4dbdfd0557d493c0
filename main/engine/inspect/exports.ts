import type { Checked, Result } from '../../../shared/contract.ts';
import { ranksSampledCandidates, candidatesOf } from '../../evaluation/ranking/candidates.ts';
import { exportRun, type ExportSource } from '../../evaluation/export-run.ts';
import type { Ranking } from '../../evaluation/ranking/ranking.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import type { TypedArray } from '../../store/columns.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { allItems, userIds } from '../../store/entities.ts';
import { findRun } from '../../store/runs.ts';
import { readParts } from '../../store/splits.ts';
import { listsOf, perUserOf } from '../compare/stored-figures.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { openScorer } from './scoring.ts';

type Arrays = Record<string, TypedArray>;

/** Writes the files of a finished run that are named. @throws WorkbenchError `run-unfinished`, `nothing-to-export` */
export async function exportRunFiles(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  { run: idOrName, files, safeForSpreadsheets }: Checked<'runs.export'>,
): Promise<Result<'runs.export'>> {
  const { key, run } = findRun(database, idOrName);
  const { key: dataset } = findDataset(database, run.dataset);
  const part = run.split && readParts(database, dataset, run.split.hash);
  if (run.status !== 'finished' || !run.split || !part) {
    throw new WorkbenchError(
      'run-unfinished',
      `Run "${run.name}" is ${run.status}: it has nothing to export.`,
      'Wait until it has finished.',
    );
  }
  const items = allItems(database, dataset);
  const genres = items.map((item) => item.genres?.split('|') ?? []);
  const read = (kind: Parameters<typeof readArtifacts>[2]): Arrays | null => {
    const arrays = readArtifacts(database, key, kind);
    return Object.keys(arrays).length > 0 ? arrays : null;
  };
  const perUser = read('perUser');
  const predictions = read('predictions');
  const { ratings, given } = loaded.get(run.dataset);
  const split = {
    config: run.config.split,
    hash: run.split.hash,
    part,
    ...(given?.candidates && { given: given.candidates }),
  };
  const { evaluation } = run.config;
  const written = await exportRun(
    {
      ratings,
      split,
      refit: run.config.refit,
      userIds: userIds(database, dataset),
      itemIds: items.map((item) => item.id),
      titles: items.map((item) => item.title ?? ''),
      genres,
      perUser: perUser && perUserOf(perUser),
      ranking: read('ranks') as Omit<Ranking, 'lists'> | null,
      lists: listsOf(readArtifacts(database, key, 'lists')),
      predictions: predictions as { rows: Uint32Array; values: Float32Array } | null,
      // Sampled candidates are not stored: they are drawn again from their seed.
      candidates:
        files.candidates !== undefined && ranksSampledCandidates(evaluation)
          ? candidatesOf(ratings, split, 'test', evaluation).candidates
          : null,
      factors: files.factors === undefined ? null : factorsOf(database, loaded, run.id),
    },
    files,
    safeForSpreadsheets,
  );
  return { written };
}

/** Item factors; null where the model has none (popularity has an item bias alone). */
function factorsOf(database: ReadableDatabase, loaded: LoadedDatasets, run: string): ExportSource['factors'] {
  const { factors } = openScorer(database, loaded, run).scorer;
  return factors?.items.some((value) => value !== 0) ? factors : null;
}

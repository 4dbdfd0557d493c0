import type { Handlers } from '../../../shared/contract.ts';
import { listing, plural } from '../../../shared/format.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { writeOutput } from '../../base/output.ts';
import {
  archiveDataset,
  datasetDetail,
  findDataset,
  listDatasets,
  rejectsOf,
  renameDataset,
} from '../../store/datasets.ts';
import { attachItems } from '../../store/entities.ts';
import { deleteRuns, listRuns } from '../../store/runs.ts';
import { listSweeps } from '../../store/sweeps.ts';
import type { EngineContext } from '../context.ts';
import { chosenSplit } from '../datasets/chosen-split.ts';
import { databasePath } from '../folder.ts';
import { deleting } from '../room.ts';
import { startSampleRuns } from '../runs/sample-runs.ts';

type DatasetMethods = Extract<keyof Handlers, `datasets.${string}`>;

/** Methods that list, describe, derive, export and delete data sets. */
export function datasetHandlers(context: EngineContext): Pick<Handlers, DatasetMethods> {
  const { dataDir, database, events, importer } = context;
  const changed = (id: string | null): void =>
    events.emit({ event: 'datasets.changed', payload: { dataset: id } });
  return {
    'datasets.list': ({ archived }) => listDatasets(database, archived),
    'datasets.get': ({ dataset }) => datasetDetail(database, dataset),
    'datasets.rename'({ dataset, name }) {
      const { key, dataset: found } = findDataset(database, dataset);
      renameDataset(database, key, name);
      changed(found.id);
      return findDataset(database, found.id).dataset;
    },
    'datasets.archive'({ dataset, archived }) {
      const { key, dataset: found } = findDataset(database, dataset);
      archiveDataset(database, key, archived);
      changed(found.id);
      return findDataset(database, found.id).dataset;
    },
    'datasets.delete'({ dataset, withRuns }) {
      const { key, dataset: found } = findDataset(database, dataset);
      const runs = listRuns(database, { dataset: key, archived: true, trials: true });
      const sweeps = listSweeps(database, { dataset: key });
      if (runs.length + sweeps.length > 0 && !withRuns) {
        const users = [
          ...(found.runs > 0 ? [plural(found.runs, 'run')] : []),
          ...(sweeps.length > 0
            ? [plural(sweeps.length, 'sweep or tournament', 'sweeps and tournaments')]
            : []),
        ];
        throw new WorkbenchError(
          'dataset-in-use',
          `${listing(users)} ${found.runs + sweeps.length === 1 ? 'uses' : 'use'} the data set "${found.name}", so it cannot be deleted.`,
          'Archive it instead, or delete it with its runs.',
        );
      }
      const sweep = sweeps.find(({ status }) => status === 'running');
      if (sweep) {
        throw new WorkbenchError(
          'dataset-in-use',
          `"${sweep.name}" is running on the data set "${found.name}".`,
          'Stop it first.',
        );
      }
      // What an interrupted sweep has left queued goes with it.
      const active = runs.find(
        ({ run: { status, sweep: of } }) => of === null && (status === 'running' || status === 'queued'),
      );
      if (active) {
        throw new WorkbenchError(
          'dataset-in-use',
          `Run "${active.run.name}" is ${active.run.status} on the data set "${found.name}".`,
          'Stop it first.',
        );
      }
      const keys = runs.map(({ key: run }) => run);
      deleting(dataDir, database, () => deleteRuns(database, keys, key));
      changed(null);
      return {};
    },
    'datasets.sample': ({ runs }) => ({
      job: importer.sample((dataset) => {
        if (runs) startSampleRuns(context, dataset);
      }),
    }),
    'datasets.previewFilters': ({ dataset, filters }) => importer.previewFilters(dataset, filters),
    'datasets.derive': ({ dataset, filters, name }) => ({ job: importer.derive(dataset, filters, name) }),
    async 'datasets.attachItems'({ dataset, path }) {
      const { key, dataset: found } = findDataset(database, dataset);
      const outcome = attachItems(database, key, await importer.readItems(path, found.id));
      if (outcome.matched === 0) {
        throw new WorkbenchError(
          'no-item-matched',
          `None of ${outcome.unmatched} rows of ${path} has the id of an item of "${found.name}".`,
          'Choose the file that belongs to this data set; ids must be written the same way in both.',
        );
      }
      changed(found.id);
      return outcome;
    },
    'datasets.exportSplit'({ path: folder, safeForSpreadsheets, ...choice }) {
      const { dataset, split } = chosenSplit(database, choice);
      const job = { job: 'export-split' as const, database: databasePath(context.dataDir), split };
      return {
        job: importer.start('export', `Export a split of ${dataset.name}`, async (_, run) => {
          const { files } = await run({ ...job, dataset: dataset.id, folder, safeForSpreadsheets });
          return { written: files };
        }),
      };
    },
    'datasets.export': (wanted) => ({ job: importer.exportTo(wanted) }),
    async 'datasets.rejects'({ dataset, path, safeForSpreadsheets }) {
      const { key, dataset: found } = findDataset(database, dataset);
      const text = rejectsOf(database, key);
      if (text === null) {
        throw new WorkbenchError(
          'no-rejects',
          `No row of "${found.name}" was rejected.`,
          'There is nothing to save.',
        );
      }
      await writeOutput(path, ({ write }) => write(text), { safeForSpreadsheets });
      return { rows: datasetDetail(database, found.id).accounting.rejected };
    },
  };
}

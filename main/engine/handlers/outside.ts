import type { Handlers } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { versions } from '../../base/versions.ts';
import { writeWeights } from '../../files/outside/weight-files.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import { findDataset } from '../../store/datasets.ts';
import { allItems, userIds } from '../../store/entities.ts';
import { findRun } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { rerun } from '../runs/rerun.ts';
import { startCapsuleExport, startCapsuleImport } from '../runs/stored-capsules.ts';

type OutsideMethods = Extract<keyof Handlers, `capsules.${string}`> | 'runs.rerun' | 'runs.exportWeights';

/** What goes to other machines and tools, and comes back. */
export function outsideHandlers(context: EngineContext): Pick<Handlers, OutsideMethods> {
  const { database } = context;
  return {
    'capsules.export': (wanted) => ({ job: startCapsuleExport(context, wanted) }),
    'capsules.import': (wanted) => ({ job: startCapsuleImport(context, wanted) }),
    'runs.rerun': ({ run }) => rerun(context, run),
    async 'runs.exportWeights'({ run: idOrName, path }) {
      const { key, run } = findRun(database, idOrName);
      const weights = readArtifacts(database, key, 'weights');
      if (Object.keys(weights).length === 0)
        throw new WorkbenchError(
          'nothing-to-export',
          `Run "${run.name}" has no weights: ${run.status === 'finished' ? 'its model learns none' : `it is ${run.status}`}.`,
          'Choose a finished run of a model that learns.',
        );
      const { key: dataset } = findDataset(database, run.dataset);
      const written = await writeWeights(path, {
        weights,
        userIds: userIds(database, dataset),
        itemIds: allItems(database, dataset).map(({ id }) => id),
        about: { run: run.name, model: run.model, app: versions.app },
      });
      return { written };
    },
  };
}

import { configurationKey } from '../../../shared/run-identity.ts';
import type { Checked, Result } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findModel } from '../../models/registry.ts';
import { findRun, listRuns } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { startRuns } from './starting.ts';

/**
 * Queues runs like a run with the lowest seeds that none of its group has, whatever became of those: a seed is never
 * chosen for its figures.
 * @throws WorkbenchError `run-missing`, `no-seeds`
 */
export function addSeeds(
  context: Pick<EngineContext, 'database' | 'events' | 'queue' | 'versions'>,
  { run: idOrName, count }: Checked<'runs.addSeeds'>,
): Result<'runs.addSeeds'> {
  const { run } = findRun(context.database, idOrName);
  const model = findModel(run.model);
  if (model?.seedless)
    throw new WorkbenchError(
      'no-seeds',
      `${model.title} draws nothing at random: another seed gives the same figures.`,
      'Add seeds to the model that it is compared with.',
    );
  const key = configurationKey(run);
  const group = listRuns(context.database, { model: run.model, archived: true })
    .map(({ run: other }) => other)
    .filter((other) => configurationKey(other) === key);
  const taken = new Set(group.map(({ seed }) => seed));
  const seeds: number[] = [];
  for (let seed = 1; seeds.length < count; seed++) if (!taken.has(seed)) seeds.push(seed);
  const configs = seeds.map((seed) => ({ ...run.config, parameters: run.parameters, seed }));
  const named = ` seed ${run.seed}`;
  const own = run.name.endsWith(named) ? run.name.slice(0, -named.length) : run.name;
  const runs = seeds.flatMap((seed, k) =>
    startRuns(context, {
      dataset: run.dataset,
      configs: [configs[k]],
      name: `${own} seed ${seed}`.slice(-120),
      group: run.group,
    }),
  );
  return { runs, seeds };
}

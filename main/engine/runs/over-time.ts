/** A metric over the windows of a rolling split: one point a run of the group. */
import type { Checked, Result } from '../../../shared/contract.ts';
import { findMetricKey } from '../../../shared/metrics/registry.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { meanInterval } from '../../evaluation/statistics/mean-interval.ts';
import { TEST } from '../../ratings/ratings.ts';
import { readArtifact } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { listRuns } from '../../store/runs.ts';
import { readParts } from '../../store/splits.ts';
import type { LoadedDatasets } from '../loaded.ts';

/**
 * The points in the order of time; windows whose run has not finished are left out.
 * @throws WorkbenchError `group-missing` where there is no such group of windows
 */
export function overTime(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  { group, metric }: Checked<'runs.overTime'>,
): Result<'runs.overTime'> {
  const runs = listRuns(database, { group }).filter(({ run }) => run.config.split.name === 'rolling');
  const [first] = runs;
  if (!first)
    throw new WorkbenchError(
      'group-missing',
      `There is no group "${group}" of windows of time.`,
      'Train with the split rolling.',
    );
  const { key: dataset } = findDataset(database, first.run.dataset);
  const { ratings } = loaded.get(first.run.dataset);
  const points = runs.flatMap(({ key, run }) => {
    const part = run.split && run.status === 'finished' && readParts(database, dataset, run.split.hash);
    const name = findMetricKey(Object.keys(run.metrics.test), metric ?? run.target);
    if (!part || !ratings.time || name === undefined) return [];
    const values = readArtifact(database, key, 'perUser', name) as Float64Array | null;
    const value = run.metrics.test[name];
    return [
      {
        run: run.id,
        window: run.config.split.window ?? 0,
        metric: name,
        value,
        interval: values && meanInterval(values, value, name),
        ...testSpan(ratings.time, part),
      },
    ];
  });
  return points.sort((a, b) => a.window - b.window);
}

/** First and last time of the test rows, and how many there are. */
function testSpan(time: Float64Array, part: Uint8Array): { from: number; to: number; rows: number } {
  let [from, to, rows] = [Infinity, -Infinity, 0];
  for (let row = 0; row < part.length; row++) {
    if (part[row] !== TEST) continue;
    rows++;
    if (time[row] < from) from = time[row];
    if (time[row] > to) to = time[row];
  }
  return { from, to, rows };
}

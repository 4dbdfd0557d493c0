/** Who to look at: users in the order that a question asks for. */
import type { Result, Checked } from '../../../shared/contract.ts';
import { findMetricKey, metricDirection } from '../../../shared/metrics/registry.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import type { StoredRun } from '../../store/runs.ts';
import { comparedUnit, readMetric } from '../compare/stored-units.ts';
import { groupOf, type Unit } from '../compare/units.ts';
import { indexOfSorted } from './inspection.ts';

type List = Checked<'inspect.users'>['list'];
interface Ranked {
  readonly column: Result<'inspect.users'>['column'];
  readonly order: { user: number; value: number | null }[];
  /** Of each of the two how many seeds its values are means over; empty where no figures are compared. */
  readonly seeds: number[];
}

/**
 * Users for a list: `improved` and `harmed` compare the second run with the first by a per-user metric, `disagree`
 * counts the items of two top tens that are in one alone, `cold` and `heavy` go by the number of ratings.
 * @param byGroup each run stands for all seeds of its configuration, a user's value being the mean over them
 * @throws WorkbenchError `two-runs-needed`, `metric-missing`
 */
export function rankUserLists(
  database: ReadableDatabase,
  starts: Uint32Array,
  runs: readonly { key: number; run: StoredRun }[],
  list: List,
  metric: string | null,
  limit: number,
  byGroup = false,
): Ranked {
  const users = Array.from({ length: starts.length - 1 }, (_, user) => user);
  const ratings = (user: number): number => starts[user + 1] - starts[user];
  const plain = (ordered: number[]): Ranked => ({
    column: '',
    order: ordered.slice(0, limit).map((user) => ({ user, value: null })),
    seeds: [],
  });
  if (list === 'all') return plain(users);
  if (list === 'heavy') return plain(users.sort((a, b) => ratings(b) - ratings(a) || a - b));
  if (list === 'cold') return plain(users.sort((a, b) => ratings(a) - ratings(b) || a - b));
  if (list === 'random') {
    for (let k = users.length - 1; k > 0; k--) {
      const other = Math.floor(Math.random() * (k + 1));
      [users[k], users[other]] = [users[other], users[k]];
    }
    return plain(users);
  }
  const [first, second] = runs;
  if (!first || !second) {
    throw new WorkbenchError('two-runs-needed', 'This list compares two runs.', 'Choose a second run.');
  }
  if (list === 'disagree') return disagreement(database, first.key, second.key, limit);
  const units = [first, second].map((one): Unit =>
    byGroup ? groupOf(database, one) : { id: one.run.id, runs: [one] },
  );
  return differences(database, units, metricOf(first.run, metric), list === 'harmed', limit);
}

/** The key under which a run has a metric (over sampled candidates with their prefix); without one NDCG@10, else its target. */
function metricOf({ metrics, target }: StoredRun, metric: string | null): string {
  const keys = Object.keys(metrics.test);
  return findMetricKey(keys, metric ?? 'ndcg@10') ?? metric ?? findMetricKey(keys, target) ?? target;
}

function differences(
  database: ReadableDatabase,
  units: readonly Unit[],
  metric: string,
  harmed: boolean,
  limit: number,
): Ranked {
  const compared = units.map((unit) => {
    const one = comparedUnit(unit, (run) => readMetric(database, run, metric));
    if (one) return one;
    throw new WorkbenchError(
      'metric-missing',
      `Run "${unit.runs[0].run.name}" has no ${metric} by user.`,
      'Choose another metric; runs store it once they are finished.',
    );
  });
  const [a, b] = compared.map(({ perUser }) => perUser);
  const direction = harmed ? -metricDirection(metric) : metricDirection(metric);
  const order: { user: number; value: number }[] = [];
  for (let k = 0; k < a.users.length; k++) {
    const place = indexOfSorted(b.users, a.users[k]);
    const value = place < 0 ? NaN : b.values[metric][place] - a.values[metric][k];
    if (value * direction > 0) order.push({ user: a.users[k], value });
  }
  order.sort((x, y) => direction * (y.value - x.value) || x.user - y.user);
  const seeds = compared.map(({ group }) => group?.seeds.length ?? 1);
  return { column: metric, order: order.slice(0, limit), seeds };
}

function disagreement(database: ReadableDatabase, first: number, second: number, limit: number): Ranked {
  const a = readArtifacts(database, first, 'lists');
  const b = readArtifacts(database, second, 'lists');
  const order: { user: number; value: number }[] = [];
  for (let k = 0; a.users && b.users && k < a.users.length; k++) {
    const place = indexOfSorted(b.users, a.users[k]);
    if (place < 0) continue;
    const mine = a.items.subarray(a.start[k], Math.min(a.start[k] + 10, a.start[k + 1]));
    const theirs = new Set(
      b.items.subarray(b.start[place], Math.min(b.start[place] + 10, b.start[place + 1])),
    );
    order.push({
      user: a.users[k],
      value: Array.from(mine).filter((item) => !theirs.has(item)).length,
    });
  }
  order.sort((x, y) => y.value - x.value || x.user - y.user);
  return { column: 'only in one', order: order.slice(0, limit), seeds: [] };
}

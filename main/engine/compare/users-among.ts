/** Users of a compared pair: those of a slice, or with a difference or values in a range; and how all of them lie. */
import type { Checked, Result } from '../../../shared/contract.ts';
import type { ComparedData, ComparedRun } from '../../evaluation/compare/compare.ts';
import { pairValues } from '../../evaluation/compare/run-pairs.ts';
import { userGroups } from '../../evaluation/compare/slices.ts';
import { WorkbenchError } from '../../base/errors.ts';

/** Steps of the grid on each axis. */
const STEPS = 40;

type Among = Checked<'compare.users'>['among'];

/** @param ids external id by index; @param ratingsOf how many ratings a user has */
export function usersAmong(
  a: ComparedRun,
  b: ComparedRun,
  metric: string,
  data: ComparedData | null,
  { among, limit }: { readonly among: Among; readonly limit: number },
  ids: readonly string[],
  ratingsOf: (user: number) => number,
): Result<'compare.users'> {
  const values = pairValues(a, b, metric);
  const holds = among.slice && data ? sliceOf(values.users, data, among.slice) : () => true;
  const inside = (range: readonly [number, number] | undefined, value: number): boolean =>
    range === undefined || (value >= range[0] - 1e-12 && value <= range[1] + 1e-12);
  const found: { user: number; value: number }[] = [];
  values.users.forEach((user, k) => {
    const value = values.b[k] - values.a[k];
    if (
      inside(among.difference, value) &&
      inside(among.a, values.a[k]) &&
      inside(among.b, values.b[k]) &&
      holds(user)
    )
      found.push({ user, value });
  });
  found.sort((x, y) => Math.abs(y.value) - Math.abs(x.value) || x.user - y.user);
  return {
    total: found.length,
    cells: cellsOf(values.a, values.b),
    found: {
      column: metric,
      seeds: [a, b].map(({ group }) => group?.seeds.length ?? 1),
      users: found
        .slice(0, limit)
        .map(({ user, value }) => ({ user: ids[user], ratings: ratingsOf(user), value })),
    },
  };
}

function sliceOf(
  users: Uint32Array,
  data: ComparedData,
  { kind, label }: { readonly kind: string; readonly label: string },
): (user: number) => boolean {
  if (kind === 'all') return () => true;
  const group = userGroups(users, data).find((one) => one.kind === kind && one.label === label);
  if (group) return group.holds;
  throw new WorkbenchError(
    'unknown-slice',
    `There is no slice "${label}".`,
    'Compare the runs again, then choose one.',
  );
}

/** Users by their two values on a grid, those that none is at left out. */
function cellsOf(a: Float64Array, b: Float64Array): Result<'compare.users'>['cells'] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of [a, b])
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  const step = (high - low) / STEPS || 1;
  const counts = new Map<number, number>();
  const place = (value: number): number => Math.min(STEPS, Math.round((value - low) / step));
  a.forEach((value, k) => {
    const at = place(value) * (STEPS + 1) + place(b[k]);
    counts.set(at, (counts.get(at) ?? 0) + 1);
  });
  return [...counts].map(([at, users]) => ({
    a: low + Math.floor(at / (STEPS + 1)) * step,
    b: low + (at % (STEPS + 1)) * step,
    users,
    half: step / 2,
  }));
}

import { aggregationOf } from '../../../shared/metrics/registry.ts';
import type { PerUser } from '../evaluation.ts';

/** A metric over the users for whom `holds`, those without a value left out; null where none is left. */
export function valueOfGroup(
  { users, ratings, values }: PerUser,
  metric: string,
  holds: (user: number) => boolean,
): number | null {
  const of = values[metric];
  if (of === undefined) return null;
  const aggregation = aggregationOf(metric);
  let [sum, total] = [0, 0];
  users.forEach((user, u) => {
    const value = of[u];
    if (Number.isNaN(value) || !holds(user)) return;
    const weight = aggregation === 'mean' ? 1 : ratings[u];
    sum += weight * (aggregation === 'root' ? value * value : value);
    total += weight;
  });
  if (total === 0) return null;
  return aggregation === 'root' ? Math.sqrt(sum / total) : sum / total;
}

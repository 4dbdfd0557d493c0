import { expect, it } from 'vitest';
import { Importances } from '../../../../main/engine/sweeps/importances.ts';
import type { PlannedEntry } from '../../../../main/engine/sweeps/sweep-plan.ts';
import type { StoredTrial } from '../../../../main/store/sweeps.ts';

const entry = {
  space: [
    { kind: 'number', name: 'a', low: 0, high: 1, scale: 'linear', integer: false },
    { kind: 'number', name: 'b', low: 0, high: 1, scale: 'linear', integer: false },
  ],
} as const satisfies Pick<PlannedEntry, 'space'> as unknown as PlannedEntry; // only the space of an entry is read
const trials = (count: number): StoredTrial[] =>
  Array.from({ length: count }, (_, number) => {
    const [a, b] = [((number * 7) % count) / count, ((number * 11) % count) / count];
    return { entry: 0, number, point: { a, b }, figures: [a], failed: false, whole: true, runs: [] };
  });

it('importances stay while a sweep grows by less than a twentieth, and are exact at its end', () => {
  const known = new Importances();
  const first = known.of('s 0', entry, trials(100), 1, true);
  expect(first?.[0]).toMatchObject({ name: 'a' });
  expect(known.of('s 0', entry, trials(104), 1, true)).toBe(first);
  expect(known.of('s 0', entry, trials(106), 1, true)).not.toBe(first);
  const last = known.of('s 0', entry, trials(107), 1, false);
  expect(last).toEqual(new Importances().of('s 0', entry, trials(107), 1, false));
  expect(known.of('s 0', entry, trials(107), 1, false)).toBe(last);
  expect(known.of('another', entry, trials(7), 1, false)).toBeNull();
});

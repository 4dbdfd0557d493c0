import type { CompareResult } from '../../../shared/compare.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { readGoldenResults } from '../../store/golden.ts';
import type { StoredRun } from '../../store/runs.ts';

/** What runs give the golden users of their data set, as a note of the verdict; none where nobody was checked. */
export function goldenNotes(
  database: ReadableDatabase,
  found: readonly { readonly key: number; readonly run: Pick<StoredRun, 'name'> }[],
): CompareResult['notes'] {
  const checked = found.map(({ key, run }) => ({
    name: run.name,
    results: readGoldenResults(database, key),
  }));
  const told = checked.filter(({ results }) => results.some(({ pass }) => pass !== null));
  if (told.length === 0) return [];
  const failures = told.flatMap(({ name, results }) => {
    const failed = results.filter(({ pass }) => pass === false).map((one) => one.name);
    const of = results.filter(({ pass }) => pass !== null).length;
    return failed.length > 0 ? [`${name} fails ${failed.length} of ${of} (${failed.join(', ')})`] : [];
  });
  if (failures.length === 0)
    return [
      {
        code: 'golden',
        severity: 'info',
        text: `Golden users: ${told.length === 1 ? `${told[0].name} passes` : 'all these runs pass'} every check.`,
      },
    ];
  return [
    { code: 'golden', severity: 'warning', text: `Golden users: ${failures.join('; ')}. The others pass.` },
  ];
}

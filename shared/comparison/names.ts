/** Names of compared runs: those that people gave, as short as fits, and no two alike. */

/** Characters of a name in tables, charts and sentences; the whole one is in a tooltip or in the table of runs. */
const LONGEST = 28;

/**
 * @param runs `number` tells runs of one name apart
 * @returns a name for each, none longer than 28 characters, but for the number of a run where names repeat
 */
export function shortNames(runs: readonly { readonly name: string; readonly number: number }[]): string[] {
  const short = runs.map(({ name }) => cut(name.trim() || '?'));
  const alike = (at: number): boolean => short.some((other, index) => index !== at && other === short[at]);
  // Long names that begin alike may end otherwise.
  const ended = short.map((name, at) => (alike(at) ? cutInside(runs[at].name.trim()) : name));
  return ended.map((name, at) =>
    ended.some((other, index) => index !== at && other === name) ? `${name} (run ${runs[at].number})` : name,
  );
}

function cut(name: string): string {
  const letters = [...name];
  return letters.length <= LONGEST
    ? name
    : `${letters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}

/** The beginning and the end of a long name. */
function cutInside(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST) return name;
  const half = Math.floor((LONGEST - 1) / 2);
  return `${letters.slice(0, half).join('').trimEnd()}…${letters.slice(-half).join('').trimStart()}`;
}

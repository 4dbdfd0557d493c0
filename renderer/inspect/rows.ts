/** Rows of lists as Inspect shows them, stored or of a changed history. */
import type { Result } from '../../shared/contract.ts';

type Stored = Result<'inspect.user'>['lists'][number]['items'][number];
type Changed = Result<'inspect.whatIf'>;

export interface ListRow {
  item: string;
  title: string;
  genres: readonly string[];
  year: number | null;
  score: number;
  rank: number | null;
  /** Held out for this user; of stored lists alone. */
  hit: boolean;
  /** Null where it is not told. */
  decile: number | null;
  /** How it has moved; null in a stored list. */
  move: Move | null;
}

export interface Move {
  kind: 'up' | 'down' | 'same' | 'new' | 'gone';
  /** For people: "up 3". */
  text: string;
}

export function storedRows(items: readonly Stored[]): ListRow[] {
  return items.map((item) => ({ ...item, move: null }));
}

/** The list of a changed history, then what has left it. */
export function changedRows(
  { items, gone }: Pick<Changed, 'items' | 'gone'>,
  hadHistory: boolean,
): ListRow[] {
  const plain = { hit: false, decile: null };
  return [
    ...items.map((item) => ({ ...item, ...plain, move: hadHistory ? moveOf(item.rank, item.was) : null })),
    ...gone.map((item) => ({
      ...item,
      ...plain,
      move: {
        kind: 'gone' as const,
        text: item.rank === null ? 'in the history now' : `left: was ${item.was ?? '–'}, now ${item.rank}`,
      },
    })),
  ];
}

/** From its former place to its present one; `was` null: it was no candidate. */
export function moveOf(rank: number, was: number | null): Move {
  if (was === null) return { kind: 'new', text: 'new' };
  if (was === rank) return { kind: 'same', text: 'same' };
  return was > rank ? { kind: 'up', text: `up ${was - rank}` } : { kind: 'down', text: `down ${rank - was}` };
}

/** What stands under a title: its year and genres. A year that the title ends with is not said twice. */
export function about({ title, year, genres }: Pick<ListRow, 'title' | 'year' | 'genres'>): string {
  const said = year !== null && title.includes(`(${year})`);
  return [year === null || said ? null : String(year), genres.join(', ') || null]
    .filter((part) => part !== null)
    .join(' · ');
}

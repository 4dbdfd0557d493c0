/** One row of a list of items: how its fields become an id, a title, genres, a year and the address of a picture. */
import { trimId } from '../text/ids.ts';

export interface ItemRow {
  id: string;
  title: string | null;
  genres: string[] | null;
  year: number | null;
  /** Address of a picture, as it stands in the file; nothing is fetched. */
  image: string | null;
}

/** The row's fields; null for a row without an id. */
export function itemFields(columns: ItemColumns, fields: readonly string[]): ItemRow | null {
  const at = (position: number): string => (position < 0 ? '' : (fields[position] ?? '').trim());
  const id = columns.id < 0 ? '' : trimId(fields[columns.id] ?? '');
  if (id === '') return null;
  const title = at(columns.title) || null;
  const year = columns.year < 0 ? null : yearIn(at(columns.year));
  return {
    id,
    title,
    genres: genresOf(columns, fields),
    year: year ?? yearOfTitle(title),
    image: imageIn(at(columns.image)),
  };
}

function genresOf(columns: ItemColumns, fields: readonly string[]): string[] | null {
  if (columns.flags.length > 0) {
    const set = columns.flags.filter(({ at }) => fields[at] === '1').map(({ genre }) => genre);
    return set.length > 0 ? set : null;
  }
  if (columns.genres < 0) return null;
  const text = (fields[columns.genres] ?? '').trim();
  if (text === '' || text === '(no genres listed)') return null;
  const list = text.replace(/^\[(.*)\]$/s, '$1');
  const separator = list.includes('|') ? '|' : list.includes(';') ? ';' : ',';
  const genres = list
    .split(separator)
    .map((genre) => genre.trim().replace(/^(['"])(.*)\1$/, '$2'))
    .filter((genre) => genre !== '');
  return genres.length > 0 ? genres : null;
}

/** A year from 1000 to 2999 in the text: `2002`, `2008.0`, `01-Jan-1995`. */
function yearIn(text: string): number | null {
  const found = /(?:^|\D)([12]\d{3})(?!\d)/.exec(text);
  return found ? Number(found[1]) : null;
}

/** The year in parentheses at the end of a title: `Toy Story (1995)`. */
function yearOfTitle(title: string | null): number | null {
  const found = title === null ? null : /\(([12]\d{3})\)\s*$/.exec(title);
  return found ? Number(found[1]) : null;
}

/** The first address in the text, which may be a list of them; addresses of more than 2,000 characters are none. */
export function imageIn(text: string): string | null {
  return /https?:\/\/[^\s"'\\,|<>]{1,1990}/i.exec(text)?.[0] ?? null;
}

/** Positions from 0; −1: none. */
export interface ItemColumns {
  id: number;
  title: number;
  genres: number;
  year: number;
  image: number;
  /** Columns of 0 and 1, one a genre (MovieLens u.item). */
  flags: { at: number; genre: string }[];
}

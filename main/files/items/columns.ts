/** Which columns of a list of items are id, title, genres and year, and how a row is read. */
import { WorkbenchError } from '../../base/errors.ts';
import { columnAt, describeColumns, plainName } from '../sniff/names.ts';
import type { ColumnRef, ItemsOptions } from '../types.ts';

/** Positions from 0; −1: none. */
export interface ItemColumns {
  id: number;
  title: number;
  genres: number;
  year: number;
  /** Columns of 0 and 1, one a genre (MovieLens u.item). */
  flags: { at: number; genre: string }[];
}

export interface ItemRow {
  id: string;
  title: string | null;
  genres: string[] | null;
  year: number | null;
}

interface Input {
  names: string[];
  columnCount: number;
  delimiter: string;
  records: string[][];
  options: ItemsOptions;
}

/** Genre flags of MovieLens 100K's u.item, in their order from column 6. */
const movieLensGenres = (
  'unknown,Action,Adventure,Animation,Children,Comedy,Crime,Documentary,Drama,Fantasy,Film-Noir,Horror,' +
  'Musical,Mystery,Romance,Sci-Fi,Thriller,War,Western'
).split(',');

const nameLists: Record<'id' | 'title' | 'genres' | 'year', readonly string[]> = {
  id: (
    'itemid movieid bookid isbn asin parentasin artistid productid trackid songid animeid jokeid articleid gameid ' +
    'businessid showid item id mid'
  ).split(' '),
  title:
    'title booktitle itemtitle movietitle name itemname originaltitle productname trackname songname'.split(
      ' ',
    ),
  genres: 'genres genre categories category tags class'.split(' '),
  year: 'year yearofpublication originalpublicationyear releaseyear publicationyear releasedate publishdate'.split(
    ' ',
  ),
};

export function itemColumns({ names, columnCount, delimiter, records, options }: Input): ItemColumns {
  const columns: ItemColumns = { id: -1, title: -1, genres: -1, year: -1, flags: [] };
  if (names.length > 0) {
    const plain = names.map(plainName);
    for (const role of ['id', 'title', 'genres', 'year'] as const) {
      const name = nameLists[role].find((each) => plain.includes(each));
      if (name !== undefined) columns[role] = plain.indexOf(name);
    }
  } else if (columnCount === 24 && delimiter === '|') {
    Object.assign(columns, { id: 0, title: 1, year: 2 });
    columns.flags = movieLensGenres.map((genre, k) => ({ at: 5 + k, genre }));
  } else if (columnCount === 3 && delimiter === '::') {
    Object.assign(columns, { id: 0, title: 1, genres: 2 });
  } else if (columnCount === 2 && records.every((fields) => fields.length === 2)) {
    Object.assign(columns, { id: 0, title: 1 });
  }
  const given: [keyof typeof nameLists, ColumnRef | undefined][] = [
    ['id', options.id],
    ['title', options.title],
    ['genres', options.genres],
    ['year', options.year],
  ];
  for (const [role, reference] of given) {
    if (reference !== undefined) columns[role] = columnAt(reference, names, columnCount, role);
  }
  if (columns.id < 0) {
    throw new WorkbenchError(
      'items-columns-needed',
      'The id column of the item list cannot be told from the file.',
      `Columns: ${describeColumns(names, columnCount)}.`,
    );
  }
  if (columns.title < 0 && columns.genres < 0 && columns.year < 0) {
    throw new WorkbenchError(
      'items-columns-needed',
      'The item list has no column of titles, genres or years.',
      `Name one of them title, genres or year. Columns: ${describeColumns(names, columnCount)}.`,
    );
  }
  return columns;
}

/** The row's fields; null for a row without an id. */
export function itemFields(columns: ItemColumns, fields: readonly string[]): ItemRow | null {
  const id = (fields[columns.id] ?? '').trim();
  if (id === '') return null;
  const title = columns.title < 0 ? null : (fields[columns.title] ?? '').trim() || null;
  const year = columns.year < 0 ? null : yearIn(fields[columns.year] ?? '');
  return { id, title, genres: genresOf(columns, fields), year: year ?? yearOfTitle(title) };
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

/** Which columns of a list of items are id, title, genres, year and picture. */
import { WorkbenchError } from '../../base/errors.ts';
import { columnAt, describeColumns, plainName } from '../sniff/names.ts';
import { numericShare } from '../sniff/values.ts';
import { trimId } from '../text/ids.ts';
import { itemRoles } from '../types.ts';
import type { ItemRole, ItemsOptions } from '../types.ts';
import { imageIn } from './row.ts';
import type { ItemColumns } from './row.ts';

/** What the ratings tell of their items: some ids, and the name of their column. */
export interface KnownItems {
  ids: ReadonlySet<string>;
  column: string;
}

export interface ItemSample {
  /** Header names; empty without a header. */
  names: string[];
  columnCount: number;
  delimiter: string;
  /** Sampled rows, header left out. */
  records: string[][];
}

export interface Recognised {
  columns: ItemColumns;
  /** Roles that neither the caller nor a well-known name gives, with the reason. */
  guessed: { role: ItemRole; why: string }[];
}

/** Genre flags of MovieLens 100K's u.item, in their order from column 6. */
const movieLensGenres = (
  'unknown,Action,Adventure,Animation,Children,Comedy,Crime,Documentary,Drama,Fantasy,Film-Noir,Horror,' +
  'Musical,Mystery,Romance,Sci-Fi,Thriller,War,Western'
).split(',');

const nameLists: Record<ItemRole, readonly string[]> = {
  id: (
    'itemid movieid bookid isbn asin parentasin artistid productid trackid songid animeid jokeid articleid gameid appid ' +
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
  image:
    'imageurl image imageurll imageurlm imageurls posterurl poster coverurl cover picture thumbnail'.split(
      ' ',
    ),
};

/** Names that only contain a word for their role: `game_title`, `naming` has none. */
const nameParts: Partial<Record<ItemRole, RegExp>> = {
  title: /title|(?<!user|author|publisher|developer|file|nick)name$/,
  genres: /genre|categor/,
  year: /year$|^year/,
  image: /image|poster|cover|thumb|pictur/,
};

/** @throws WorkbenchError `items-columns-needed`, `unknown-column`, `ambiguous-column` */
export function itemColumns(
  sample: ItemSample,
  options: ItemsOptions,
  known: KnownItems | null = null,
): Recognised {
  const { names, columnCount, delimiter } = sample;
  const columns: ItemColumns = { id: -1, title: -1, genres: -1, year: -1, image: -1, flags: [] };
  const guessed: Recognised['guessed'] = [];
  const free = (at: number): boolean => !itemRoles.some((role) => columns[role] === at);
  const take = (role: ItemRole, at: number, why: string | null = null): void => {
    if (at < 0 || columns[role] >= 0 || !free(at)) return;
    columns[role] = at;
    if (why !== null) guessed.push({ role, why });
  };
  for (const role of ['id', 'title', 'genres', 'year'] as const) {
    const given = options[role];
    if (given !== undefined) take(role, columnAt(given, names, columnCount, role));
  }
  if (names.length === 0 && columnCount === 24 && delimiter === '|') {
    Object.assign(columns, { id: 0, title: 1, year: 2 });
    columns.flags = movieLensGenres.map((genre, k) => ({ at: 5 + k, genre }));
    return { columns, guessed };
  }
  const plain = names.map(plainName);
  const matched = known === null ? null : matchedColumn(sample, known.ids);
  const called = nameLists.id.map((name) => plain.indexOf(name)).find((at) => at >= 0) ?? -1;
  if (matched !== null && called >= 0 && matched.at !== called && !matched.holds(called)) {
    take('id', matched.at, 'its values are ids of the ratings');
  }
  take('id', called);
  if (known && plainName(known.column) !== '')
    take('id', plain.indexOf(plainName(known.column)), 'it is named as in the ratings');
  if (matched !== null) take('id', matched.at, 'its values are ids of the ratings');
  for (const role of ['title', 'genres', 'year', 'image'] as const) {
    for (const name of nameLists[role]) take(role, plain.indexOf(name));
  }
  for (const role of ['title', 'genres', 'year', 'image'] as const) {
    const part = nameParts[role];
    if (part)
      take(
        role,
        plain.findIndex((name, k) => free(k) && part.test(name)),
        'by its name',
      );
  }
  if (names.length === 0) {
    // Without names, the first column is the id unless the ratings' ids stand elsewhere.
    take('id', 0, 'it is the first column');
    take(
      'year',
      columnWhere(sample, free, (text) => /^([12]\d{3}|null|)$/i.test(text)),
      'it holds years',
    );
    take(
      'genres',
      columnWhere(sample, free, (text) => /^[^|]{1,40}(\|[^|]{1,40})*$/.test(text), /\|/),
      'it holds lists with |',
    );
  }
  take(
    'image',
    columnWhere(sample, free, (text) => text === '' || imageIn(text) === text),
    'it holds addresses',
  );
  take('title', titleColumn(sample, free), 'it holds the most different texts');
  assertEnough(columns, sample);
  return { columns, guessed };
}

/** The column most of whose values are different ids of the ratings; null where none has a tenth of them. */
function matchedColumn(
  { records, columnCount }: ItemSample,
  ids: ReadonlySet<string>,
): { at: number; holds(at: number): boolean } | null {
  const shares = Array.from({ length: columnCount }, (_, k) => {
    const values = records.map((fields) => trimId(fields[k] ?? ''));
    return new Set(values.filter((value) => ids.has(value))).size / Math.max(1, records.length);
  });
  const most = Math.max(0, ...shares);
  return most < 0.1 ? null : { at: shares.indexOf(most), holds: (at) => shares[at] > most / 2 };
}

/** The first free column whose values all pass, and one of them has what is looked for; −1: none. */
function columnWhere(
  { records, columnCount }: ItemSample,
  free: (at: number) => boolean,
  test: (text: string) => boolean,
  some: RegExp = /./,
): number {
  for (let k = 0; k < columnCount; k++) {
    const values = records.map((fields) => (fields[k] ?? '').trim());
    if (free(k) && values.length > 0 && values.every(test) && values.some((value) => some.test(value)))
      return k;
  }
  return -1;
}

/** The free column of text with the most different values, more than half of them; −1: none. */
function titleColumn({ records, columnCount }: ItemSample, free: (at: number) => boolean): number {
  let best = -1;
  let most = records.length / 2;
  for (let k = 0; k < columnCount; k++) {
    const values = records.map((fields) => fields[k] ?? '').filter((value) => /\p{L}/u.test(value));
    const different = new Set(values).size;
    if (!free(k) || different <= most || numericShare(values) > 0.5) continue;
    best = k;
    most = different;
  }
  return best;
}

function assertEnough(columns: ItemColumns, { names, columnCount, records }: ItemSample): void {
  const hint = `Columns: ${describeColumns(names, columnCount, records[0])}.`;
  if (columns.id < 0) {
    throw new WorkbenchError(
      'items-columns-needed',
      'The id column of the list of items cannot be told from the file.',
      hint,
    );
  }
  if (columns.title < 0 && columns.genres < 0 && columns.year < 0 && columns.image < 0) {
    throw new WorkbenchError(
      'items-columns-needed',
      'The list of items has no column of titles, genres or years that could be told.',
      hint,
    );
  }
}

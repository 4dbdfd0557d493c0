/** What columns are called in the files of the field. */
import { WorkbenchError } from '../../base/errors.ts';
import type { ColumnRef, Role } from '../types.ts';

/** Without case, type suffix (RecBole's `user_id:token`) and punctuation. */
export function plainName(name: string): string {
  return name
    .replace(/:(token|float|token_seq|float_seq|int|long|string|double)$/i, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const known: Record<Role, readonly string[]> = {
  user: (
    'userid user uid reviewerid customerid customer memberid member accountid visitorid readerid username ' +
    'usersid profilename profileid buyerid listenerid playerid personid useridx userindex steamid ' +
    'reviewer player viewer nutzer nutzerid benutzer utilisateur usuario'
  ).split(' '),
  item: (
    'itemid item iid movieid movie isbn asin parentasin artistid bookid book businessid productid product trackid songid ' +
    'animeid jokeid articleid gameid appid filmid showid videoid restaurantid recipeid beerid goodid sku newsid poiid ' +
    'locationid offerid contentid itemidx itemindex mid movie film book artist track song game product joke jid artikel ' +
    'producto'
  ).split(' '),
  rating: (
    'rating ratings bookrating score stars overall weight value ratingscore userrating userscore reviewoverall ' +
    'playcount plays count listencount preference bewertung puntuacion calificacion'
  ).split(' '),
  time: (
    'timestamp time unixreviewtime date datetime createdat reviewdate reviewtime ratedat ratingtimestamp ratingdate ' +
    'ts unixtime eventtime created tstamp dateadded updatedat datecreated zeit datum fecha'
  ).split(' '),
};

/**
 * Positions (from 0) of the columns whose header names are known, the most telling name of each role. A name that
 * several columns bear tells nothing.
 */
export function rolesOf(names: readonly string[]): Partial<Record<Role, number>> {
  const plain = names.map(plainName);
  const roles: Partial<Record<Role, number>> = {};
  for (const role of ['user', 'item', 'rating', 'time'] as const) {
    for (const name of known[role]) {
      const at = plain.indexOf(name);
      if (at >= 0 && at === plain.lastIndexOf(name) && !Object.values(roles).includes(at)) {
        roles[role] = at;
        break;
      }
    }
  }
  return roles;
}

/** Positions of all columns whose names are those of times. */
export function timeColumns(names: readonly string[]): number[] {
  return names.flatMap((name, at) => (known.time.includes(plainName(name)) ? [at] : []));
}

/** Columns of a list of items or of people: a file with these and no pair of ids is no file of ratings. */
const itemListNames = [
  'title',
  'booktitle',
  'bookauthor',
  'author',
  'authors',
  'genres',
  'publisher',
  'name',
];
const peopleNames = ['age', 'location', 'gender', 'occupation', 'zip', 'zipcode', 'country'];

export function looksLike(names: readonly string[]): 'items' | 'people' | null {
  const plain = names.map(plainName);
  if (plain.some((name) => itemListNames.includes(name))) return 'items';
  if (plain.some((name) => peopleNames.includes(name))) return 'people';
  return null;
}

/** Position (from 0) of a column by name or 1-based position. */
export function columnAt(
  reference: ColumnRef,
  names: readonly string[],
  count: number,
  what: string,
): number {
  if (typeof reference === 'string') {
    const exact = names.indexOf(reference);
    if (exact !== names.lastIndexOf(reference)) {
      throw new WorkbenchError(
        'ambiguous-column',
        `Several columns are named ${reference}.`,
        `Give the position of the ${what}. Columns: ${describeColumns(names, count)}.`,
      );
    }
    if (exact >= 0) return exact;
    const loose = plainName(reference);
    const alike = names.flatMap((name, k) => (loose !== '' && plainName(name) === loose ? [k] : []));
    if (alike.length === 1) return alike[0];
  }
  const position = Number(reference);
  if (Number.isInteger(position) && position >= 1 && position <= count) return position - 1;
  throw new WorkbenchError(
    'unknown-column',
    `There is no column ${String(reference)} for the ${what}.`,
    `Columns: ${describeColumns(names, count)}.`,
  );
}

/** Positions from 1 with their names, or where there are none with what the first record holds. */
export function describeColumns(names: readonly string[], count: number, first?: readonly string[]): string {
  const shown = Math.min(count, 30);
  const example = (k: number): string => (first?.[k] ? ` (as ${first[k].slice(0, 40)})` : '');
  const list = Array.from({ length: shown }, (_, k) =>
    names[k] ? `${k + 1} ${names[k]}` : `${k + 1}${names.length > 0 ? '' : example(k)}`,
  );
  return list.join(', ') + (count > shown ? `, … ${count}` : '');
}

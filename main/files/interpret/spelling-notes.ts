/** What the whole file tells of its ids: spellings that became one, and lookalikes that stayed apart. */
import type { Interpretation } from '../../../shared/imports.ts';
import type { SpellingCount } from '../columns/spellings.ts';
import { doubted, told } from '../interpretations.ts';
import type { Dataset } from '../types.ts';
import { rowsOf } from './rows-of-ids.ts';

type Column = 'user' | 'item';

/** Ids that were read without what stood around them. */
export function trimmedIds(counts: Record<Column, SpellingCount | null>): Interpretation[] {
  return (['user', 'item'] as const).flatMap((column) => {
    const count = counts[column];
    if (!count) return [];
    const { rows, merged, example } = count;
    const became =
      merged === 0 ? '' : ` ${merged} ${merged === 1 ? 'spelling' : 'spellings'} became one with another id.`;
    const text =
      `${rows} records have spaces around the ${column}'s id, or a spreadsheet's ="…", as ${JSON.stringify(example)}; ` +
      `ids are read without them.${became}`;
    return [told(`${column}-ids-trimmed`, text, { rows })];
  });
}

const dotZero = /^([+-]?\d+)[.,]0+$/;
const zeroPadded = /^0+(?=\d)/;
/** What a spreadsheet leaves of a long number. */
const rounded = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** Cyrillic and Greek letters that look as Latin ones do. */
const twins = new Map(
  [...'аеорсухіјѕАВЕКМНОРСТХІЅΑΒΕΖΗΙΚΜΝΟΡΤΧο'].map((letter, k) => [
    letter,
    'aeopcyxijsABEKMHOPCTXISABEZHIKMNOPTXo'[k],
  ]),
);

/** The id as a person sees it: without marks that nobody sees, and with one letter for those that look alike. */
function seen(id: string): string {
  const folded = id
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ');
  return [...folded].map((letter) => twins.get(letter) ?? letter).join('');
}

/** The id without what spreadsheets, data frames and keyboards add or change. */
function looseId(id: string, folds: boolean): string {
  if (/^[1-9]\d*$/.test(id)) return id;
  const plain = /^[\x21-\x7e]+$/.test(id) ? id : seen(id);
  const bare = plain.replace(/^['’]/, '').replace(dotZero, '$1').replace(zeroPadded, '');
  return folds ? bare.toLowerCase() : bare;
}

/** Whether case tells ids apart by itself: capitals in the middle of many, as in random codes. */
function caseMatters(ids: readonly string[]): boolean {
  const sample = ids.slice(0, 10_000);
  const mixed = sample.filter((id) => /[a-z]/.test(id.slice(1)) && /[A-Z]/.test(id.slice(1)));
  return mixed.length > sample.length / 5;
}

/** Groups of indices whose ids look like one; only those of two or more. */
export function lookalikes(ids: readonly string[]): number[][] {
  const folds = ids.some((id) => /[a-z]/.test(id)) && ids.some((id) => /[A-Z]/.test(id)) && !caseMatters(ids);
  // First the loose forms of ids that have one of their own, then the ids that are written like them.
  const groups = new Map<string, number[]>();
  for (const [index, id] of ids.entries()) {
    const loose = looseId(id, folds);
    if (loose === id) continue;
    const group = groups.get(loose);
    if (group) group.push(index);
    else groups.set(loose, [index]);
  }
  if (groups.size === 0) return [];
  for (const [index, id] of ids.entries()) {
    const group = groups.get(id);
    if (group && looseId(id, folds) === id) group.unshift(index);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

export function doubtfulIds({ ratings, userIds, itemIds }: Dataset): Interpretation[] {
  return (['user', 'item'] as const).flatMap((column) => {
    const ids = column === 'user' ? userIds : itemIds;
    const found: Interpretation[] = [];
    const groups = lookalikes(ids);
    const countAll = (indices: readonly number[]): number => rowsOf(ratings, column, new Set(indices));
    if (groups.length > 0) {
      const [first] = groups;
      const text =
        `${groups.length} ${column} ${groups.length === 1 ? 'id has' : 'ids have'} several spellings that stay apart, ` +
        `as ${first
          .slice(0, 3)
          .map((index) => JSON.stringify(ids[index]))
          .join(' and ')}. ` +
        'If they are the same, give them one spelling in the file.';
      found.push(doubted(`${column}-ids-alike`, text, { rows: countAll(groups.flat()) }));
    }
    const short = ids.flatMap((id, index) => (rounded.test(id) ? [index] : []));
    if (short.length > 0) {
      const text =
        `${short.length} ${column} ids were rounded by a spreadsheet, as ${ids[short[0]]}: ` +
        'different ids may have become one. Export the file again with the column as text.';
      found.push(doubted(`${column}-ids-rounded`, text, { rows: countAll(short) }));
    }
    return found;
  });
}

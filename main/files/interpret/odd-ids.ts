/** Ids that are text of another kind: words for nothing, rows of totals, lists, quotes, text that was encoded twice. */
import type { Interpretation } from '../../../shared/imports.ts';
import { doubted } from '../interpretations.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import type { Dataset } from '../types.ts';
import { rowsOf } from './rows-of-ids.ts';

type Column = 'user' | 'item';

interface Oddity {
  code: string;
  /** Whether an id is odd in this way. It is asked of every id, so it must be cheap. */
  is: (id: string) => boolean;
  /** @param example the first such id, as JSON writes it @param ids how many */
  text: (facts: { column: Column; example: string; ids: number; rows: number }) => string;
  /** Data sets with fewer ids are not warned of odd ones. */
  leastIds?: number;
}

const nothing = /^(?:null|nan|n\/a|#n\/a|<na>|na|none|\\n|undefined|\(null\)|-|\?)$/i;
const totals =
  /^(?:(?:grand|sub)[ -]?totals?|totals?|sum|summe|gesamt(?:ergebnis)?|insgesamt|averages?|mean|count|итого|всего|合计|总计|合計)$/i;
const several = (ids: number): string => (ids === 1 ? '1 id' : `${ids} ids`);

const oddities: readonly Oddity[] = [
  {
    code: 'nothing',
    is: (id) => id.length <= 9 && nothing.test(id),
    text: ({ column, example, rows }) =>
      `${example} is read as the id of one ${column}, with ${rows} records: it may stand for no ${column}. ` +
      'If it does, take those records out of the file.',
  },
  {
    code: 'totals',
    is: (id) => id.length <= 15 && totals.test(id),
    leastIds: 4,
    text: ({ column, example, rows }) =>
      `${example} is read as the id of one ${column}, with ${rows} ${rows === 1 ? 'record' : 'records'}: it looks like ` +
      'totals. If it is, take it out of the file.',
  },
  {
    code: 'lists',
    is: (id) =>
      (id.startsWith('[') && id.endsWith(']')) ||
      (id.startsWith('{') && id.endsWith('}')) ||
      /^\d+(?:\s*[|;]\s*\d+|, \d+)+$/.test(id),
    text: ({ column, example, ids }) =>
      `${several(ids)} of ${column}s are lists or objects, as ${example}: each counts as one ${column}. ` +
      `If it is a list of ${column}s, write one record for each ${column}; of an object choose the field with the id.`,
  },
  {
    code: 'quoted',
    is: (id) => id.length > 2 && /^["“„«'‘`]/.test(id) && /["”“»'’`]$/.test(id),
    text: ({ column, example, ids }) =>
      `${several(ids)} of ${column}s are read with the quotes around them, as ${example}.`,
  },
  {
    code: 'entities',
    is: (id) => /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,5});/.test(id),
    text: ({ column, example, ids }) =>
      `${several(ids)} of ${column}s have signs as HTML writes them, as ${example}.`,
  },
  {
    code: 'encoded-twice',
    is: (id) => /[ÃÂÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€/.test(id),
    text: ({ column, example, ids }) =>
      `${several(ids)} of ${column}s look as if their text was encoded twice, as ${example}. Export the file again as UTF-8.`,
  },
];

export function oddIds({ ratings, userIds, itemIds }: Dataset): Interpretation[] {
  return (['user', 'item'] as const).flatMap((column) =>
    oddities.flatMap((oddity) => said(oddity, column, column === 'user' ? userIds : itemIds, ratings)),
  );
}

function said(oddity: Oddity, column: Column, ids: readonly string[], ratings: Ratings): Interpretation[] {
  const { code, is, text, leastIds = 0 } = oddity;
  const found: number[] = [];
  for (let k = 0; k < ids.length; k++) if (is(ids[k])) found.push(k);
  if (found.length === 0 || ids.length < leastIds) return [];
  const rows = rowsOf(ratings, column, new Set(found));
  const example = JSON.stringify(ids[found[0]].slice(0, 80));
  return [doubted(`${column}-ids-${code}`, text({ column, example, ids: found.length, rows }), { rows })];
}

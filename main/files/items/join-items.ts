/** Joins the list of items that an import was given: what it did is told, and what is wrong with it ends nothing. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { doubted, remedy, told } from '../interpretations.ts';
import type { Dataset, ItemsOptions, ItemsReport } from '../types.ts';
import { attachItems } from './attach.ts';

const columnOptions = '--items-id, --items-title, --items-genres, --items-year';
const otherwise = [remedy('Name the columns of the list', columnOptions, {})];

/** @param column header name of the ratings' items, '' for none */
export async function joinItems(
  dataset: Dataset,
  options: ItemsOptions | undefined,
  column: string,
): Promise<{ itemsReport: ItemsReport | null; interpretations: Interpretation[] }> {
  if (!options) return { itemsReport: null, interpretations: [] };
  const items = dataset.itemIds.length;
  try {
    const itemsReport = await attachItems(dataset, options, column);
    return { itemsReport, interpretations: readingOf(itemsReport, items) };
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code === 'cancelled') throw error;
    const text = `The list of items could not be used, so that no item has a title. ${error.message} ${error.hint}`;
    return {
      itemsReport: null,
      interpretations: [doubted('items-unread', text, { rows: items, otherwise })],
    };
  }
}

function readingOf({ taken, matched, rejected, read }: ItemsReport, items: number): Interpretation[] {
  const list: Interpretation[] = [];
  const guessed = taken.filter(({ why }) => why !== null);
  if (guessed.length > 0) {
    const columns = guessed.map(({ role, column, why }) => `${role} from ${column} (${why})`).join(', ');
    list.push(
      told('items-columns', `The list of items is read by guess: ${columns}.`, { rows: matched, otherwise }),
    );
  } else if (!taken.some(({ role }) => role === 'title')) {
    list.push(
      doubted('items-columns', 'No column of titles is known in the list of items.', {
        rows: matched,
        otherwise,
      }),
    );
  }
  if (rejected > 0) {
    const text = `${rejected} of ${read} rows of the list of items could not be read: they have no id, or not the columns of the others.`;
    list.push(doubted('items-rejected', text, { rows: rejected }));
  }
  if (matched < items) {
    const rows = items - matched;
    list.push(
      doubted('items-unmatched', `${rows} of ${items} items are not in the list of items.`, { rows }),
    );
  }
  return list;
}

/** Joins the list of items that an import was given: what it did is told, and what is wrong with it ends nothing. */
import { WorkbenchError } from '../../errors.ts';
import type { Dataset, ImportOptions, ItemsReport } from '../types.ts';
import { attachItems } from './attach.ts';

export async function joinItems(
  dataset: Dataset,
  { items }: ImportOptions,
  column: string,
): Promise<{ itemsReport: ItemsReport | null; warnings: string[] }> {
  if (!items) return { itemsReport: null, warnings: [] };
  try {
    const itemsReport = await attachItems(dataset, items, column);
    return { itemsReport, warnings: wordsOf(itemsReport, dataset.itemIds.length) };
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code === 'cancelled') throw error;
    return { itemsReport: null, warnings: [`${error.message} ${error.hint}`] };
  }
}

function wordsOf({ taken, matched, rejected, read }: ItemsReport, items: number): string[] {
  const words: string[] = [];
  const guessed = taken.filter(({ why }) => why !== null);
  if (guessed.length > 0) {
    const list = guessed.map(({ role, column, why }) => `${column} for the ${role} (${why})`);
    words.push(`In the list of items ${list.join(', ')} was taken.`);
  }
  if (rejected > 0) words.push(`${rejected} of ${read} rows of the list of items could not be read.`);
  if (matched < items) words.push(`${items - matched} of ${items} items are not in the list of items.`);
  return words;
}

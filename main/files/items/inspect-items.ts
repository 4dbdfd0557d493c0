/** Looks into a list of items before it is joined: its columns, what each is taken for, or why none is. */
import type { ItemsPreview } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ItemsOptions } from '../types.ts';
import { itemColumns, type KnownItems } from './item-columns.ts';
import { openItemTable } from './list.ts';
import { takenOf } from './attach.ts';

const SAMPLES = 4;
/** Characters of a sample: descriptions of items are long. */
const LONGEST = 200;

/** @param known a sample of the ratings' ids */
export async function inspectItems(options: ItemsOptions, known: KnownItems): Promise<ItemsPreview> {
  const preview: ItemsPreview = { columns: [], taken: [], problem: null };
  try {
    const { sample } = await openItemTable(options, known);
    const { names, columnCount, records } = sample;
    preview.columns = Array.from({ length: Math.min(columnCount, 200) }, (_, k) => ({
      name: names[k] ?? '',
      samples: [...new Set(records.map((fields) => (fields[k] ?? '').slice(0, LONGEST)))].slice(0, SAMPLES),
    }));
    preview.taken = takenOf({ ...itemColumns(sample, options, known), names });
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    preview.problem = error.message;
  }
  return preview;
}

/** A data set as files that other tools read: CSV, Parquet, RecBole's atomic files. */
import { basename, dirname, extname, join } from 'node:path';
import { writeParquet } from './formats/write-parquet.ts';
import { csvField } from '../base/csv.ts';
import { makeOutputFolder, type OutputOptions, writeOutput } from '../base/output.ts';
import { throwIfAborted } from './abort.ts';
import { floatText } from './text/float-text.ts';
import type { Dataset } from './types.ts';

export const exportFormats = ['csv', 'parquet', 'recbole'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const FLUSH = 1 << 20;
/** Users between two looks at the signal. */
const BATCH = 256;

export interface ExportOptions {
  onProgress?: (rows: number, total: number) => void;
  signal?: AbortSignal;
  /** Of CSV: an apostrophe goes before cells that a spreadsheet takes for formulas. */
  safeForSpreadsheets?: boolean;
}

/**
 * Writes the data set and returns the files written: `PATH` for CSV and Parquet (beside it `NAME.items.csv` where there
 * is metadata). For RecBole, PATH is a folder as it wants one, NAME/NAME.inter and NAME/NAME.item, or one of these two
 * files. A file appears only when it is whole.
 */
export async function exportDataset(
  dataset: Dataset,
  path: string,
  format: ExportFormat,
  options: ExportOptions = {},
): Promise<string[]> {
  const extension = extname(path);
  const stem = join(dirname(path), basename(path, extension));
  if (format === 'recbole') {
    const isFile = /^\.(inter|item)$/.test(extension);
    if (!isFile) makeOutputFolder(path);
    const base = isFile ? stem : join(path, basename(path));
    const files = [
      await writeWhole(`${base}.inter`, (write) => writeRows(dataset, recboleRows(dataset), write, options)),
    ];
    if (dataset.metadata)
      files.push(await writeWhole(`${base}.item`, (write) => writeItems(dataset, '\t', write)));
    return files;
  }
  const files: string[] = [];
  const csv = { safeForSpreadsheets: options.safeForSpreadsheets ?? false };
  if (format === 'csv') {
    files.push(await writeWhole(path, (write) => writeRows(dataset, csvRows(dataset), write, options), csv));
  } else {
    await writeOutput(path, (draft) => writeParquet(dataset, draft, options));
    files.push(path);
  }
  if (dataset.metadata)
    files.push(await writeWhole(`${stem}.items.csv`, (write) => writeItems(dataset, ',', write), csv));
  return files;
}

type Write = (text: string) => void;

/** Few large writes instead of a line each. */
async function writeWhole(
  path: string,
  fill: (write: Write) => void | Promise<void>,
  options: OutputOptions = {},
): Promise<string> {
  await writeOutput(
    path,
    async (draft) => {
      let lines: string[] = [];
      let size = 0;
      const flush = (): void => {
        draft.write(lines.join(''));
        lines = [];
        size = 0;
      };
      await fill((text) => {
        lines.push(text);
        size += text.length;
        if (size > FLUSH) flush();
      });
      flush();
    },
    options,
  );
  return path;
}

interface RowFormat {
  header: string;
  /** The line of a row. */
  line(user: string, item: string, value: number, time: number): string;
  user(id: string): string;
  item(id: string): string;
}

/** `user,item[,rating][,timestamp]`; times as stored (milliseconds, or `time` for an order): it imports to the same data. */
function csvRows({ ratings, timeKind }: Dataset): RowFormat {
  const rated = !ratings.implicit;
  const timed = ratings.time !== null;
  const column = timeKind === 'order' ? 'time' : 'timestamp';
  return {
    header: ['user', 'item', ...(rated ? ['rating'] : []), ...(timed ? [column] : [])].join(',') + '\n',
    line: (user, item, value, time) =>
      user + ',' + item + (rated ? ',' + floatText(value) : '') + (timed ? ',' + String(time) : '') + '\n',
    user: csvField,
    item: csvField,
  };
}

function recboleRows({ ratings, timeKind }: Dataset): RowFormat {
  const rated = !ratings.implicit;
  const timed = ratings.time !== null;
  const scale = timeKind === 'time' ? 1000 : 1;
  const columns = ['user_id:token', 'item_id:token'];
  if (rated) columns.push('rating:float');
  if (timed) columns.push('timestamp:float');
  return {
    header: columns.join('\t') + '\n',
    line: (user, item, value, time) =>
      user +
      '\t' +
      item +
      (rated ? '\t' + floatText(value) : '') +
      (timed ? '\t' + String(time / scale) : '') +
      '\n',
    user: plain,
    item: plain,
  };
}

/** RecBole's files know no quoting: tabs and line ends become spaces. */
const plain = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ');

async function writeRows(
  dataset: Dataset,
  format: RowFormat,
  write: Write,
  options: ExportOptions,
): Promise<void> {
  const { ratings, userIds, itemIds } = dataset;
  const { start, item, value, time, userCount } = ratings;
  const items = itemIds.map((id) => format.item(id));
  write(format.header);
  for (let u = 0; u < userCount; u++) {
    const user = format.user(userIds[u]);
    for (let k = start[u]; k < start[u + 1]; k++)
      write(format.line(user, items[item[k]], value[k], time ? time[k] : 0));
    if (u % BATCH !== 0) continue;
    throwIfAborted(options.signal);
    options.onProgress?.(start[u + 1], item.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  options.onProgress?.(item.length, item.length);
}

function writeItems({ itemIds, metadata }: Dataset, delimiter: ',' | '\t', write: Write): void {
  const recbole = delimiter === '\t';
  const field = recbole ? plain : csvField;
  const pictured = metadata?.images.some((image) => image !== null) ?? false;
  const head = recbole
    ? 'item_id:token\ttitle:token_seq\tgenres:token_seq\tyear:float'
    : 'item,title,genres,year';
  write(head + (pictured ? `${delimiter}image${recbole ? ':token' : ''}` : '') + '\n');
  itemIds.forEach((id, k) => {
    const genres = metadata?.genres[k]?.map((genre) => (recbole ? genre.replaceAll(' ', '_') : genre));
    const fields = [
      id,
      metadata?.titles[k] ?? '',
      genres?.join(recbole ? ' ' : '|') ?? '',
      metadata?.years[k] ?? '',
      ...(pictured ? [metadata?.images[k] ?? ''] : []),
    ];
    write(fields.map((each) => field(String(each))).join(delimiter) + '\n');
  });
}

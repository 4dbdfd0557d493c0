/** Joins a list of items (titles, genres, year) to a data set by item id. */
import { WorkbenchError } from '../../base/errors.ts';
import { assertUnchanged, itemsMember, openSource, utf8Bytes } from '../source/source.ts';
import { sampleAreas } from '../sniff/areas.ts';
import { guessDialect } from '../sniff/dialect.ts';
import { guessHeader } from '../sniff/header.ts';
import { guessFormat } from '../sniff/sniff.ts';
import { parquetColumns, readParquet } from '../formats/parquet.ts';
import { JsonRecords, fieldsOf } from '../formats/json.ts';
import { sampleJson } from '../sniff/structured.ts';
import { RecordScanner } from '../text/scan.ts';
import type { Dataset, ItemMetadata, ItemsOptions, ItemsReport } from '../types.ts';
import type { StagedItem } from '../staged.ts';
import { itemColumns, itemFields } from './columns.ts';
import type { ItemColumns } from './columns.ts';

/** Reads the list and sets `dataset.metadata`; the first row of an item counts. */
export async function attachItems(dataset: Dataset, options: ItemsOptions): Promise<ItemsReport> {
  const wanted = new Map(dataset.itemIds.map((id, index) => [id, index]));
  const count = dataset.itemIds.length;
  const metadata: ItemMetadata = {
    titles: new Array<string | null>(count).fill(null),
    genres: new Array<string[] | null>(count).fill(null),
    years: new Array<number | null>(count).fill(null),
  };
  const report: ItemsReport = { read: 0, matched: 0, unused: 0, rejected: 0, repeated: 0 };
  const filled = new Uint8Array(count);
  await readItems(options, {
    row(columns, fields) {
      report.read++;
      const item = itemFields(columns, fields);
      const index = item === null ? undefined : wanted.get(item.id);
      if (item === null) report.rejected++;
      else if (index === undefined) report.unused++;
      else if (filled[index] === 1) report.repeated++;
      else {
        filled[index] = 1;
        metadata.titles[index] = item.title;
        metadata.genres[index] = item.genres;
        metadata.years[index] = item.year;
        report.matched++;
      }
    },
    broken() {
      report.read++;
      report.rejected++;
    },
  });
  if (report.matched === 0) {
    throw new WorkbenchError(
      'no-items-matched',
      `None of the ${report.read} rows of the item list has the id of an item of the ratings.`,
      `Choose its id column. Ids of the ratings look like ${dataset.itemIds.slice(0, 3).join(', ')}.`,
      { report },
    );
  }
  dataset.metadata = metadata;
  return report;
}

/** All rows of a list of items that have an id; the first row of an id counts. */
export async function readItemList(options: ItemsOptions): Promise<StagedItem[]> {
  const items = new Map<string, StagedItem>();
  await readItems(options, {
    row(columns, fields) {
      const item = itemFields(columns, fields);
      if (item && !items.has(item.id))
        items.set(item.id, { ...item, genres: item.genres?.join('|') ?? null });
    },
    broken() {},
  });
  return [...items.values()];
}

interface ItemHandler {
  row(columns: ItemColumns, fields: readonly string[]): void;
  broken(): void;
}

/** Every row of the list, in whatever form the file has. */
async function readItems(options: ItemsOptions, handler: ItemHandler): Promise<void> {
  const source = await openSource(options.path, options.member, itemsMember);
  if (source.container === 'parquet') {
    const { names, rows } = await parquetColumns(source.path, 100);
    const columns = itemColumns({ names, columnCount: names.length, delimiter: '', records: rows, options });
    await readParquet(
      source.path,
      names.map((_, k) => k),
      (fields) => handler.row(columns, fields),
    );
    return;
  }
  const areas = await sampleAreas(source, options.encoding);
  const head = areas.areas[0].bytes;
  const format = guessFormat(head).value;
  const encoding = areas.encoding.value;
  if (format === 'json' || format === 'jsonl') {
    const sample = sampleJson(areas.areas, format);
    const { names } = sample;
    const records = sample.records.map((record) => record.fields);
    const columns = itemColumns({ names, columnCount: names.length, delimiter: '', records, options });
    const reader = new JsonRecords(format, {
      record(value) {
        const fields = fieldsOf(value, names);
        if (fields) handler.row(columns, fields);
        else handler.broken();
      },
      broken: () => handler.broken(),
    });
    for await (const chunk of utf8Bytes(source, encoding)) reader.push(chunk);
    reader.finish();
    return;
  }
  const dialect = guessDialect(areas.areas, options);
  const sampled = dialect.records.filter((record) => !record.problem).map((record) => record.fields);
  const header = options.header ?? guessHeader(sampled, dialect.columnCount).value;
  const names = header ? (sampled[0] ?? []).map((name) => name.trim()) : [];
  const records = header ? sampled.slice(1) : sampled;
  const columnCount = header ? names.length : dialect.columnCount;
  const delimiter = dialect.delimiter.value;
  const columns = itemColumns({ names, columnCount, delimiter, records, options });
  let headerAhead = header;
  const scanner = new RecordScanner(
    { delimiter, quote: dialect.quote.value },
    Math.max(columnCount, 1),
    columnCount,
    {
      record(s) {
        if (headerAhead) {
          headerAhead = false;
          return;
        }
        if (s.count !== columnCount) {
          handler.broken();
          return;
        }
        const fields: string[] = [];
        for (let k = 0; k < columnCount; k++) fields.push(s.text(s.starts[k], s.ends[k]));
        handler.row(columns, fields);
      },
      broken() {
        headerAhead = false;
        handler.broken();
      },
    },
  );
  for await (const chunk of utf8Bytes(source, encoding)) scanner.push(chunk);
  scanner.finish();
  await assertUnchanged(source);
}

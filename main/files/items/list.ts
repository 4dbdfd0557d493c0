/** Opens a list of items, whatever form the file has, and hands out its rows. */
import { assertUnchanged, openSource, utf8Bytes } from '../source/source.ts';
import type { Source } from '../source/source.ts';
import { sampleAreas } from '../sniff/areas.ts';
import { guessDialect, sheetDialect } from '../sniff/dialect.ts';
import { guessHeader } from '../sniff/header.ts';
import { plainName } from '../sniff/names.ts';
import { assertText, guessFormat } from '../sniff/take-sample.ts';
import { parquetColumns, readParquet } from '../formats/parquet.ts';
import { JsonRecords, fieldsOf } from '../formats/json.ts';
import { sampleJson } from '../sniff/structured.ts';
import { trimId } from '../text/ids.ts';
import { RecordScanner } from '../text/scan.ts';
import { Unwrapper } from '../text/unwrap.ts';
import type { ItemsOptions } from '../types.ts';
import { itemColumns } from './item-columns.ts';
import type { ItemSample, KnownItems, Recognised } from './item-columns.ts';
import { splitLoosely } from './loose.ts';
import type { ItemColumns } from './row.ts';

export interface ItemHandler {
  row(fields: readonly string[]): void;
  /** A row that cannot be told apart into its columns. */
  broken(): void;
}

/** The table of a list, before its columns are told. */
export interface ItemTable {
  sample: ItemSample;
  /** Every row of the file. */
  read(columns: ItemColumns, handler: ItemHandler): Promise<void>;
}

export interface ItemList extends Recognised {
  names: readonly string[];
  read(handler: ItemHandler): Promise<void>;
}

/** @throws WorkbenchError where the file cannot be read, or its columns not be told */
export async function openItemList(options: ItemsOptions, known: KnownItems | null): Promise<ItemList> {
  const table = await openItemTable(options, known);
  const recognised = itemColumns(table.sample, options, known);
  return {
    ...recognised,
    names: table.sample.names,
    read: (handler) => table.read(recognised.columns, handler),
  };
}

export async function openItemTable(given: ItemsOptions, known: KnownItems | null): Promise<ItemTable> {
  const source = await openSource(given.path, { member: given.member, kind: 'items' });
  const options = source.container === 'xlsx' ? { ...given, ...sheetDialect } : given;
  if (source.container === 'parquet') return await parquetTable(source);
  const areas = await sampleAreas(source, options.encoding);
  const format = guessFormat(areas.areas[0].bytes).value;
  const encoding = areas.encoding.value;
  if (format === 'json' || format === 'jsonl') {
    const { names, records } = sampleJson(areas.areas, format);
    const fields = records.map((record) => record.fields);
    return {
      sample: { names, columnCount: names.length, delimiter: '', records: fields },
      async read(_, handler) {
        const reader = new JsonRecords(format, {
          record(value) {
            const found = fieldsOf(value, names);
            if (found) handler.row(found);
            else handler.broken();
          },
          broken: () => handler.broken(),
        });
        for await (const chunk of utf8Bytes(source, encoding)) reader.push(chunk);
        reader.finish();
        await assertUnchanged(source);
      },
    };
  }
  assertText(areas.areas[0].bytes);
  const dialect = guessDialect(areas.areas, options);
  const sampled = dialect.records.map((record) =>
    record.problem
      ? splitLoosely(record.fields[0] ?? '', dialect.delimiter.value, dialect.quote.value)
      : record.fields,
  );
  const header = options.header ?? hasHeader(sampled, dialect.columnCount, options, known);
  const names = header ? (sampled[0] ?? []).map((name) => name.trim()) : [];
  const sample: ItemSample = {
    names,
    columnCount: header ? names.length : dialect.columnCount,
    delimiter: dialect.delimiter.value,
    records: header ? sampled.slice(1) : sampled,
  };
  return {
    sample,
    read: (columns, handler) =>
      readText(
        source,
        {
          encoding,
          quote: dialect.quote.value,
          spaced: dialect.spaced,
          wrapped: dialect.wrapped,
          header,
          sample,
          columns,
        },
        handler,
      ),
  };
}

async function parquetTable(source: Source): Promise<ItemTable> {
  const { names, rows } = await parquetColumns(source.path, 100);
  const positions = names.map((_, k) => k);
  return {
    sample: { names, columnCount: names.length, delimiter: '', records: rows },
    read: (_, handler) => readParquet(source.path, positions, (fields) => handler.row(fields)),
  };
}

/** The header names what was asked for or what is well known, or stands where the others have ids of the ratings. */
function hasHeader(
  sampled: string[][],
  columnCount: number,
  options: ItemsOptions,
  known: KnownItems | null,
): boolean {
  const asked = [options.id, options.title, options.genres, options.year].filter(
    (column): column is string => typeof column === 'string' && !/^\d+$/.test(column),
  );
  const [first, ...rest] = sampled;
  if (!first) return false;
  if (known && first.some((field) => plainName(field) !== '' && plainName(field) === plainName(known.column)))
    return true;
  if (guessHeader(sampled, columnCount, asked).value) return true;
  if (!known || rest.length === 0) return false;
  return first.some((field, k) => {
    const matching = rest.filter((fields) => known.ids.has(trimId(fields[k] ?? ''))).length;
    return matching * 2 > rest.length && !known.ids.has(trimId(field));
  });
}

interface TextList {
  encoding: string;
  quote: string;
  spaced: boolean;
  wrapped: boolean;
  header: boolean;
  sample: ItemSample;
  columns: ItemColumns;
}

async function readText(source: Source, list: TextList, handler: ItemHandler): Promise<void> {
  const { delimiter, columnCount } = list.sample;
  let headerAhead = list.header;
  const loosely = (text: string): void => {
    const fields = fitted(splitLoosely(text, delimiter, list.quote), list);
    if (fields) handler.row(fields);
    else handler.broken();
  };
  const dialect = { delimiter, quote: list.quote, spaced: list.spaced };
  const scanner = new RecordScanner(dialect, Math.max(columnCount, 1), columnCount, {
    record(s) {
      if (headerAhead) headerAhead = false;
      else if (s.count !== columnCount) loosely(s.text());
      else {
        const fields: string[] = [];
        for (let k = 0; k < columnCount; k++) fields.push(s.text(s.starts[k], s.ends[k]));
        handler.row(fields);
      }
    },
    broken(kind, s) {
      if (headerAhead) headerAhead = false;
      else if (kind === 'too long') handler.broken();
      else loosely(s.text());
    },
  });
  const unwrapper = list.wrapped ? new Unwrapper() : null;
  for await (const chunk of utf8Bytes(source, list.encoding)) scanner.push(unwrapper?.write(chunk) ?? chunk);
  if (unwrapper) scanner.push(unwrapper.end());
  scanner.finish();
  await assertUnchanged(source);
}

/**
 * A row of another length than the header's. Columns that are left out at its end are empty. More fields than columns
 * are a title with delimiters in it, where the title is the only free text; null: the row cannot be told apart.
 */
function fitted(fields: string[], { sample, columns }: TextList): string[] | null {
  const { columnCount, delimiter } = sample;
  const surplus = fields.length - columnCount;
  const { id, title, genres, year, image } = columns;
  if (surplus <= 0) {
    const known = [title, genres, year, image].some((at) => at >= 0 && (fields[at] ?? '').trim() !== '');
    return known && fields.length > id ? fields : null;
  }
  const roles = [id, title, genres, year, image].filter((at) => at >= 0).length;
  if (title < 0 || id > title || (title < columnCount - 1 && roles < columnCount)) return null;
  const whole = fields.slice(title, title + surplus + 1).join(delimiter);
  return [...fields.slice(0, title), whole, ...fields.slice(title + surplus + 1)];
}

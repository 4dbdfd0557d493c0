/** Opens a file of lists, predictions or a TREC run, whatever it is packed in, and hands out its records. */
import { WorkbenchError } from '../../base/errors.ts';
import { parquetColumns, readParquet } from '../formats/parquet.ts';
import { sampleAreas } from '../sniff/areas.ts';
import { guessDialect, sheetDialect } from '../sniff/dialect.ts';
import { assertText, guessFormat } from '../sniff/take-sample.ts';
import { assertUnchanged, openSource, utf8Bytes, type ReadOptions, type Source } from '../source/source.ts';
import { type BrokenKind, RecordScanner } from '../text/scan.ts';
import { Unwrapper } from '../text/unwrap.ts';
import type { RejectKind } from '../types.ts';
import { type AskedColumns, namesColumns, runColumns, type RunColumns, type RunForm } from './run-columns.ts';

export interface RunHandler {
  /** @param text the whole record, made where it is asked for */
  row(user: string, item: string, score: string, rank: string, line: number, text: () => string): void;
  broken(kind: RejectKind, line: number, text: string): void;
}

export interface RunTable {
  readonly source: Source;
  readonly columns: RunColumns;
  read(handler: RunHandler, options: ReadOptions): Promise<void>;
}

/** @throws WorkbenchError where the file cannot be read, or its columns not be told */
export async function openRunTable(path: string, form: RunForm, asked: AskedColumns): Promise<RunTable> {
  const source = await openSource(path);
  if (source.container === 'parquet') return parquetTable(source, form, asked);
  const areas = await sampleAreas(source, undefined);
  const format = guessFormat(areas.areas[0].bytes).value;
  if (format === 'json' || format === 'jsonl')
    throw new WorkbenchError(
      'not-a-run-file',
      `${path} is JSON.`,
      'Write the lists as CSV or Parquet, one record an item, or as a TREC run.',
    );
  assertText(areas.areas[0].bytes);
  const given = source.container === 'xlsx' ? sheetDialect : {};
  const dialect = guessDialect(areas.areas, form === 'trec' ? trecDialect(areas.areas[0].bytes) : given);
  const sampled = dialect.records.filter((record) => !record.problem).map((record) => record.fields);
  const [first = []] = sampled;
  if (first.length === 0)
    throw new WorkbenchError('empty-file', `${path} holds no records.`, 'Choose another file.');
  const header = form !== 'trec' && namesColumns(first, asked);
  const names = header ? first.map((name) => name.trim()) : [];
  const count = header ? names.length : dialect.columnCount;
  const columns = runColumns(form, names, count, asked, first);
  return {
    source,
    columns,
    async read(handler, options) {
      const scanner = scannerOf(
        { delimiter: dialect.delimiter.value, quote: dialect.quote.value, spaced: dialect.spaced },
        { count, header, columns },
        handler,
      );
      const unwrapper = dialect.wrapped ? new Unwrapper() : null;
      for await (const chunk of utf8Bytes(source, areas.encoding.value, options))
        scanner.push(unwrapper?.write(chunk) ?? chunk);
      if (unwrapper) scanner.push(unwrapper.end());
      scanner.finish();
      await assertUnchanged(source);
    },
  };
}

/** Tabs where there are any, else runs of spaces; nothing is quoted. */
function trecDialect(head: Uint8Array): { delimiter: string; quote: string } {
  return { delimiter: head.includes(9) ? '\t' : ' ', quote: '' };
}

function scannerOf(
  dialect: { delimiter: string; quote: string; spaced: boolean },
  { count, header, columns }: { count: number; header: boolean; columns: RunColumns },
  handler: RunHandler,
): RecordScanner {
  let headerAhead = header;
  const field = (s: RecordScanner, at: number): string => (at < 0 ? '' : s.text(s.starts[at], s.ends[at]));
  return new RecordScanner(dialect, count, count, {
    record(s) {
      if (headerAhead) {
        headerAhead = false;
        return;
      }
      const { user, item, score, rank } = columns;
      if (s.count !== count)
        handler.broken(s.count < count ? 'missing column' : 'too many columns', s.line, s.text());
      else if (s.suspicious && s.badlyEncoded()) handler.broken('bad encoding', s.line, s.text());
      else
        handler.row(field(s, user), field(s, item), field(s, score), field(s, rank), s.line, () => s.text());
    },
    broken(kind: BrokenKind, s) {
      if (headerAhead) headerAhead = false;
      else handler.broken(kind, s.line, s.text());
    },
  });
}

async function parquetTable(source: Source, form: RunForm, asked: AskedColumns): Promise<RunTable> {
  const { names, rows } = await parquetColumns(source.path, 1);
  const columns = runColumns(form, names, names.length, asked, rows[0] ?? []);
  const roles = ['user', 'item', 'score', 'rank'] as const;
  const used = roles.filter((role) => columns[role] >= 0);
  return {
    source,
    columns,
    async read(handler, { signal }) {
      const at = roles.map((role) => used.indexOf(role));
      await readParquet(
        source.path,
        used.map((role) => columns[role]),
        (fields, row) => {
          const [user, item, score, rank] = at.map((k) => (k < 0 ? '' : fields[k]));
          handler.row(user, item, score, rank, row, () => fields.join(','));
        },
        signal,
      );
      await assertUnchanged(source);
    },
  };
}

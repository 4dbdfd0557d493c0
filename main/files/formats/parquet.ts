/** Parquet files, through DuckDB. */
import { WorkbenchError } from '../../base/errors.ts';
import { throwIfAborted } from '../source/source.ts';

type DuckDb = typeof import('@duckdb/node-api');

/** DuckDB loads only where a file needs it: it is 60 MB. */
export async function withDuckDb<T>(
  work: (connection: Connection, duckdb: DuckDb) => Promise<T>,
): Promise<T> {
  const duckdb = await import('@duckdb/node-api');
  const instance = await duckdb.DuckDBInstance.create(':memory:', { memory_limit: '2GB' });
  const connection = await instance.connect();
  try {
    return await work(connection, duckdb);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export type Connection = Awaited<
  ReturnType<Awaited<ReturnType<DuckDb['DuckDBInstance']['create']>>['connect']>
>;

/** The text as an SQL string. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The name as an SQL identifier. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface ParquetColumn {
  name: string;
  type: string;
}

/** Names of the columns, and the first rows as text. */
export async function parquetColumns(
  path: string,
  limit: number,
): Promise<{ names: string[]; rows: string[][]; total: number }> {
  return await withDuckDb(async (connection) => {
    try {
      const columns = await describe(connection, path);
      const from = `read_parquet(${sqlText(path)})`;
      const shown = columns.map(asText).join(', ');
      const sample = await connection.runAndReadAll(`SELECT ${shown} FROM ${from} LIMIT ${limit}`);
      const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${from}`);
      const rows = sample.getRows().map((row) => row.map((value) => (value === null ? '' : String(value))));
      return { names: columns.map((column) => column.name), rows, total: Number(counted.getRows()[0][0]) };
    } catch (error) {
      throw unreadable(error);
    }
  });
}

async function describe(connection: Connection, path: string): Promise<ParquetColumn[]> {
  const found = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${sqlText(path)})`);
  return found.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** Times as milliseconds, so that one unit fits them; all else as its text. */
function asText({ name, type }: ParquetColumn): string {
  const column = sqlName(name);
  if (/^(TIMESTAMP|DATE)/.test(type)) return `CAST(epoch_ms(${column}::TIMESTAMP) AS VARCHAR) AS ${column}`;
  return `CAST(${column} AS VARCHAR) AS ${column}`;
}

/** Every row's chosen columns as text (null: ''), in file order. */
export async function readParquet(
  path: string,
  positions: readonly number[],
  onRow: (fields: readonly string[], row: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  await withDuckDb(async (connection) => {
    try {
      const columns = await describe(connection, path);
      const chosen = positions.map((at) => asText(columns[at]));
      const named = chosen.map((text, k) => `${text.replace(/ AS "(?:[^"]|"")*"$/, '')} AS c${k}`).join(', ');
      const result = await connection.stream(`SELECT ${named} FROM read_parquet(${sqlText(path)})`);
      let row = 0;
      const fields = new Array<string>(positions.length);
      for (;;) {
        throwIfAborted(signal);
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        const values = chunk.getColumns();
        for (let r = 0; r < chunk.rowCount; r++) {
          for (let k = 0; k < fields.length; k++) {
            const value = values[k][r];
            fields[k] = value === null ? '' : (value as string);
          }
          onRow(fields, ++row);
        }
      }
    } catch (error) {
      throw unreadable(error);
    }
  });
}

function unreadable(error: unknown): unknown {
  if (error instanceof WorkbenchError) return error;
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return new WorkbenchError(
    'damaged-file',
    `The Parquet file cannot be read: ${reason}`,
    'Write the file again.',
  );
}

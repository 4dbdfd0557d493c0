/** The app's Parquet against files that DuckDB writes, and DuckDB against those that the app writes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportDataset } from '../../../main/files/export.ts';
import { batchesOf, parquetColumns, readParquet } from '../../../main/files/formats/parquet.ts';
import { importFile } from '../../../main/files/import.ts';
import { sqlText, withDuckDb } from '../../fixtures/duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** What DuckDB makes of a query. */
async function written(query: string, options = ''): Promise<string> {
  const path = join(folder, `${++files}.parquet`);
  await withDuckDb((connection) =>
    connection.run(`COPY (${query}) TO ${sqlText(path)} (FORMAT parquet${options})`),
  );
  return path;
}

async function rowsOf(path: string, positions: number[]): Promise<string[][]> {
  const rows: string[][] = [];
  await readParquet(path, positions, (fields) => rows.push([...fields]));
  return rows;
}

describe('Parquet', () => {
  it('is read as the text that a CSV would have, whatever the type', async () => {
    const types: [sql: string, text: string][] = [
      ["'00042'", '00042'],
      ['\'Ætna, "x"\'', 'Ætna, "x"'],
      ['42::TINYINT', '42'],
      ['3000000000::UINTEGER', '3000000000'],
      ['9007199254740993::BIGINT', '9007199254740993'],
      ['18446744073709551615::UBIGINT', '18446744073709551615'],
      ['3.9::FLOAT', '3.9'],
      ['0.1::DOUBLE', '0.1'],
      ['3.5::DECIMAL(4,1)', '3.5'],
      ['12345678901::DECIMAL(38,0)', '12345678901'],
      ['true', 'true'],
      ['NULL::VARCHAR', ''],
      ['NULL::INTEGER', ''],
      ["DATE '2001-01-01'", '978307200000'],
      ["TIMESTAMP '2001-01-01 00:00:01.5'", '978307201500'],
      ["TIMESTAMP_MS '2001-01-01'", '978307200000'],
      ["TIMESTAMP_NS '2023-11-14 22:13:20.123'", '1700000000123'],
      ["TIMESTAMPTZ '2001-01-01 00:00:00+00'", '978307200000'],
      ["UUID '47183823-2574-4bfd-b411-99ed177d3e43'", '47183823-2574-4bfd-b411-99ed177d3e43'],
      ["['Action', 'Comedy']", '[Action, Comedy]'],
    ];
    const path = await written(`SELECT ${types.map(([sql], k) => `${sql} AS c${k}`).join(', ')}`);
    const { names, rows, total } = await parquetColumns(path, 10);
    expect(names).toEqual(types.map((_, k) => `c${k}`));
    expect(rows).toEqual([types.map(([, text]) => text)]);
    expect(total).toBe(1);
    // The chosen ones, in the order that was asked for, one of them twice.
    expect(await rowsOf(path, [6, 0, 6])).toEqual([['3.9', '00042', '3.9']]);
  });

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'LZ4_RAW', 'BROTLI'])(
    'is read from %s, over many row groups, in its order',
    async (codec) => {
      const query =
        'SELECT i::VARCHAR AS user, (i % 7)::INTEGER AS item, (i % 5)::FLOAT AS rating FROM range(9000) t(i)';
      const path = await written(query, `, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`);
      const rows = await rowsOf(path, [0, 1, 2]);
      expect(rows.length).toBe(9000);
      expect(
        rows.every(
          ([user, item, rating], at) =>
            user === String(at) && item === String(at % 7) && rating === String(at % 5),
        ),
      ).toBe(true);
      const { rows: first, total } = await parquetColumns(path, 3);
      expect([first.length, total]).toEqual([3, 9000]);
    },
  );

  it('is refused where a decimal would be rounded, since two ids could become one', async () => {
    const path = await written('SELECT 12345678901234567890::DECIMAL(38,0) AS user');
    await expect(rowsOf(path, [0])).rejects.toMatchObject({ code: 'inexact' });
  });

  it('is refused where one row group is more than memory, unless it says where its pages are', () => {
    type Groups = Parameters<typeof batchesOf>[0];
    const groups = (rows: number, index?: bigint): Groups =>
      ({ row_groups: [{ num_rows: BigInt(rows), columns: [{ offset_index_offset: index }] }] }) as Groups;
    expect([...batchesOf(groups(5000), Infinity, 4)]).toEqual([[0, 5000]]);
    expect(() => [...batchesOf(groups(50_000_000), Infinity, 4)]).toThrow('50000000 rows in one row group');
    // A preview of it is not.
    expect([...batchesOf(groups(50_000_000), 100, 4)]).toEqual([[0, 100]]);
    const parts = [...batchesOf(groups(50_000_000, 4n), Infinity, 4)];
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.at(-1)?.[1]).toBe(50_000_000);
    expect(parts.every(([from], at) => from === (parts[at - 1]?.[1] ?? 0))).toBe(true);
  });

  it('is refused with a reason where it is damaged, at any place', async () => {
    const whole = readFileSync(await written("SELECT i::VARCHAR AS user, 'x' AS item FROM range(500) t(i)"));
    const path = join(folder, 'damaged.parquet');
    for (const length of [0, 3, 8, 200, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      await expect(rowsOf(path, [0]), `${length} bytes`).rejects.toMatchObject({ code: 'damaged-file' });
    }
    let refused = 0;
    for (let at = 4; at < whole.length - 8; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x55;
      writeFileSync(path, bytes);
      // A byte of a value changes the value; all else is told, and nothing hangs or ends the process.
      await rowsOf(path, [0, 1]).catch((error: unknown) => {
        expect(error).toHaveProperty('code');
        refused++;
      });
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('that the app writes is read by others, with its types', async () => {
    const csv = join(folder, 'ratings.csv');
    writeFileSync(
      csv,
      'user,item,rating,timestamp\nu1,i1,4,978300760\nu1,i2,3.9,978300761\nÜ2,"i,1",5,978300000\n',
    );
    const { dataset } = await importFile(csv, {});
    const [path] = await exportDataset(dataset, join(folder, 'out.parquet'), 'parquet');
    await withDuckDb(async (connection) => {
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${sqlText(path)}`);
      expect(described.getRows().map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
        'user VARCHAR',
        'item VARCHAR',
        'rating FLOAT',
        'timestamp DOUBLE',
      ]);
      const read = await connection.runAndReadAll(
        `SELECT "user", item, rating::VARCHAR, timestamp FROM ${sqlText(path)}`,
      );
      expect(read.getRows()).toEqual([
        ['u1', 'i1', '4.0', 978_300_760_000],
        ['u1', 'i2', '3.9', 978_300_761_000],
        ['Ü2', 'i,1', '5.0', 978_300_000_000],
      ]);
    });
  });

  it('has implicit data without ratings, and an order in place of times', async () => {
    const csv = join(folder, 'clicks.csv');
    writeFileSync(csv, 'user,item\nu1,i1\nu1,i2\nu2,i1\n');
    const { dataset } = await importFile(csv, {});
    const [path] = await exportDataset(dataset, join(folder, 'clicks.parquet'), 'parquet');
    expect((await parquetColumns(path, 9)).rows.map(([user, item]) => `${user} ${item}`)).toEqual([
      'u1 i1',
      'u1 i2',
      'u2 i1',
    ]);
  });
});

/** What must hold of every file, however broken: exact accounts or a clear refusal, in time. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkbenchError } from '../../main/base/errors.ts';
import { importFile, type RefusedImport } from '../../main/files/import.ts';
import { type Accounting, type ImportResult, type RejectCounts } from '../../main/files/types.ts';
import { referenceRecords } from '../unit/files/reference.ts';
import { textsOf } from '../fixtures/data/imported.ts';
import type { FuzzCase } from './mutate.ts';

/** Of processor time, so that a busy machine changes nothing. */
const LIMIT_SECONDS = 10;

export interface FuzzOutcome {
  /** 'imported', or the code of the refusal. */
  end: string;
  seconds: number;
}

function expectSums(accounting: Accounting, kinds: RejectCounts, what: string): void {
  const { read, imported, rejected, duplicates, filtered } = accounting;
  if (read !== imported + rejected + duplicates + filtered)
    throw new Error(`${what}: ${JSON.stringify(accounting)}`);
  const sum = Object.values(kinds).reduce((total, count) => total + count, 0);
  if (sum !== rejected) throw new Error(`${what}: kinds sum to ${sum}, rejected ${rejected}`);
  if (Object.values(accounting).some((count) => count < 0)) throw new Error(`${what}: a negative count`);
}

/** Structure of the result: sorted, in range, as many rows as accounted for. */
function expectSound({ dataset, accounting }: ImportResult): void {
  const { ratings, userIds, itemIds } = dataset;
  if (ratings.item.length !== accounting.imported) throw new Error('rows and accounts differ');
  if (ratings.start[ratings.userCount] !== ratings.item.length)
    throw new Error('the index does not end at the rows');
  if (userIds.length !== ratings.userCount || itemIds.length !== ratings.itemCount)
    throw new Error('ids are missing');
  if (new Set(userIds).size !== userIds.length || new Set(itemIds).size !== itemIds.length)
    throw new Error('an id twice');
  for (let u = 0; u < ratings.userCount; u++) {
    const seen = new Set<number>();
    for (let k = ratings.start[u]; k < ratings.start[u + 1]; k++) {
      if (ratings.item[k] >= ratings.itemCount || seen.has(ratings.item[k]))
        throw new Error('a repeat or a strange item');
      seen.add(ratings.item[k]);
      if (!Number.isFinite(ratings.value[k])) throw new Error('a rating that is no number');
      if (ratings.time && k > ratings.start[u] && ratings.time[k] < ratings.time[k - 1])
        throw new Error('times not sorted');
    }
  }
}

/** For plain delimited UTF-8 the records must be those of the reference splitter. */
function expectRecords(bytes: Uint8Array, result: ImportResult): void {
  const { used } = result;
  const plain = used.format === 'text' && used.encoding === 'utf-8' && !used.wide && used.delimiter !== ' ';
  if (!plain || used.member !== undefined || bytes.length > 2_000_000) return;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return;
  const text = Buffer.from(bytes).toString('latin1');
  // A quote that ran over lines is settled by a rule that the reference does not have.
  if (result.rejectKinds['bad quoting'] || /"[^"\r\n]*[\r\n]/.test(text)) return;
  const above = /the (?:(\d+) records|record) above it/.exec(textsOf(result).join('\n'));
  const left = (used.header ? 1 : 0) + (above ? Number(above[1] ?? 1) : 0);
  const records = referenceRecords(text, used.delimiter ?? ',', used.quote ?? '"', 0).length - left;
  if (records !== result.accounting.read)
    throw new Error(`${records} records, ${result.accounting.read} read`);
}

/** Imports the case's file; throws where anything that must hold does not. */
export async function checkCase(fuzz: FuzzCase, folder: string): Promise<FuzzOutcome> {
  const path = join(folder, 'fuzz.data');
  const rejectsOut = join(folder, 'fuzz.rejects.csv');
  writeFileSync(path, fuzz.bytes);
  const before = process.cpuUsage();
  let end = 'imported';
  try {
    const result = await importFile(path, { ...fuzz.options, rejectsOut });
    expectSums(result.accounting, result.rejectKinds, 'imported');
    expectSound(result);
    expectRecords(fuzz.bytes, result);
    const { rejected, read } = result.accounting;
    if (rejected > (read * (fuzz.options.maxRejected ?? 5)) / 100) throw new Error('too much was rejected');
    const listed = readFileSync(rejectsOut, 'utf8');
    if (!listed.startsWith('line,kind,')) throw new Error('the rejects file has no header');
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    end = error.code;
    if (error.message === '' || error.hint === '')
      throw new Error(`${error.code} says nothing`, { cause: error });
    if (
      error.code === 'too-many-rejected' ||
      error.code === 'nothing-imported' ||
      error.code === 'mostly-repeats'
    ) {
      const { accounting, rejectKinds } = error.details as RefusedImport;
      expectSums(accounting, rejectKinds, error.code);
    }
  } finally {
    rmSync(path, { force: true });
    rmSync(rejectsOut, { force: true });
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (seconds > LIMIT_SECONDS) throw new Error(`took ${seconds.toFixed(1)} s`);
  return { end, seconds };
}

/** Reads the records of a run made elsewhere and matches their ids with those of a data set. */
import { WorkbenchError } from '../../base/errors.ts';
import type { ScoredRows } from '../../evaluation/outside/scored-rows.ts';
import { PairSet } from '../columns/pair-set.ts';
import { RejectLog } from '../rejects.ts';
import { Meter } from '../meter.ts';
import { hashFile } from '../source/source.ts';
import { trimId } from '../text/ids.ts';
import type { OnProgress } from '../types.ts';
import type { AskedColumns, RunForm } from './run-columns.ts';
import { openRunTable } from './run-table.ts';

export interface MatchedRows {
  readonly rows: ScoredRows;
  readonly read: number;
  readonly rejects: RejectLog;
  readonly unknownUsers: number;
  readonly unknownItems: number;
  /** What orders a list, in words. */
  readonly orderedBy: 'score' | 'rank' | 'file';
  /** SHA-256 (hex) of the file as it stands on disk. */
  readonly hash: string;
}

/** Rows that are kept, some 40 bytes each: a hundred places of 300,000 users. */
const MOST_ROWS = 30_000_000;

/** Of ids that the data set does not have, those that a refusal names. */
const EXAMPLES = 3;

/**
 * @throws WorkbenchError `nothing-imported`, `too-many-rejected`, `too-many-rows`, `cancelled`, and what opening throws
 */
export async function matchRows(
  path: string,
  form: RunForm,
  asked: AskedColumns,
  ids: { readonly users: readonly string[]; readonly items: readonly string[]; readonly dataset: string },
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<MatchedRows> {
  const table = await openRunTable(path, form, asked);
  const { columns, source } = table;
  const orderedBy: MatchedRows['orderedBy'] =
    columns.score >= 0 ? 'score' : columns.rank >= 0 ? 'rank' : 'file';
  const users = new Map(ids.users.map((id, position) => [id, position]));
  const items = new Map(ids.items.map((id, position) => [id, position]));
  const rejects = new RejectLog(null);
  const kept = new GrowingRows();
  const pairs = new PairSet();
  const strange: Record<'user' | 'item', Set<string>> = { user: new Set(), item: new Set() };
  let [read, unknownUsers, unknownItems] = [0, 0, 0];
  const meter = new Meter(source.bytes, onProgress);
  await table.read(
    {
      row(userText, itemText, scoreText, rankText, line, text) {
        read++;
        const reject = (
          kind: 'empty id' | 'not a number' | 'duplicate',
          found: string,
          expected: string,
        ): void => rejects.add({ line, kind, found, expected, text: text() });
        const user = users.get(userText) ?? users.get(trimId(userText));
        const item = items.get(itemText) ?? items.get(trimId(itemText));
        if (user === undefined || item === undefined) {
          if (trimId(userText) === '') return reject('empty id', userText, 'a user id');
          if (trimId(itemText) === '') return reject('empty id', itemText, 'an item id');
          if (user === undefined) unknownUsers++;
          else unknownItems++;
          const [unknown, id] = user === undefined ? [strange.user, userText] : [strange.item, itemText];
          if (unknown.size < EXAMPLES) unknown.add(id);
          return;
        }
        const score = columns.score < 0 ? NaN : numberIn(scoreText);
        const rank = columns.rank < 0 ? NaN : numberIn(rankText);
        if (columns.score >= 0 && Number.isNaN(score))
          return reject('not a number', scoreText, 'a finite score');
        if (columns.rank >= 0 && Number.isNaN(rank) && columns.score < 0)
          return reject('not a number', rankText, 'a rank');
        if (!pairs.add(user, item))
          return reject('duplicate', `${userText}, ${itemText}`, 'one record for each user and item');
        if (kept.count === MOST_ROWS) throw tooMany(path);
        // Without a rank the file's own order is the order of what has one score.
        const place = Number.isNaN(rank) ? read : rank;
        kept.add(user, item, columns.score >= 0 ? score : -place, place);
      },
      broken(kind, line, text) {
        read++;
        rejects.add({ line, kind, found: text, expected: 'a record as the others', text });
      },
    },
    { ...(signal && { signal }), onBytes: (bytes) => meter.update(bytes, read, rejects.total) },
  );
  const matched = {
    rows: kept.rows(),
    ...{ read, rejects, unknownUsers, unknownItems, orderedBy },
    hash: await hashFile(source, signal),
  } as const;
  assertUsable(path, matched, ids, strange);
  return matched;
}

function numberIn(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : NaN;
}

const MOST_REJECTED = 5;

function assertUsable(
  path: string,
  { read, rejects, rows, unknownUsers, unknownItems }: Omit<MatchedRows, 'hash' | 'orderedBy'>,
  ids: { readonly users: readonly string[]; readonly items: readonly string[]; readonly dataset: string },
  strange: Record<'user' | 'item', ReadonlySet<string>>,
): void {
  const details = {
    accounting: { read, imported: rows.user.length, rejected: rejects.total, unknownUsers, unknownItems },
    rejectKinds: rejects.kinds,
    rejects: rejects.first,
  };
  if (rejects.total > (read * MOST_REJECTED) / 100)
    throw new WorkbenchError(
      'too-many-rejected',
      `${rejects.total} of ${read} records of ${path} cannot be used (${Object.entries(rejects.kinds)
        .map(([kind, count]) => `${kind}: ${count}`)
        .join(', ')}); the limit is ${MOST_REJECTED} %. The first is in line ${rejects.first[0].line}.`,
      'Check which columns are named and the numbers in them. Each user may have an item once.',
      details,
    );
  if (rows.user.length > 0) return;
  const side = unknownUsers >= unknownItems ? 'user' : 'item';
  const examples = [...strange[side]].join(', ');
  const own = (side === 'user' ? ids.users : ids.items).slice(0, EXAMPLES).join(', ');
  throw new WorkbenchError(
    'nothing-imported',
    read === 0
      ? `${path} holds no records.`
      : `None of the ${read} records of ${path} has a user and an item of "${ids.dataset}".`,
    `Ids are text, exactly as in the ratings: its ${side}s are ${own} …${examples ? `, the file's ${examples}` : ''}.`,
    details,
  );
}

function tooMany(path: string): WorkbenchError {
  return new WorkbenchError(
    'too-many-rows',
    `${path} has more than ${MOST_ROWS.toLocaleString('en')} rows, more than fit into memory.`,
    'Write the best 100 items of each user, or the predictions of the test rows alone.',
  );
}

/** Columns that double in size as rows come. */
class GrowingRows {
  count = 0;
  #user = new Uint32Array(1 << 12);
  #item = new Uint32Array(1 << 12);
  #score = new Float64Array(1 << 12);
  #place = new Float64Array(1 << 12);

  add(user: number, item: number, score: number, place: number): void {
    const k = this.count++;
    if (k === this.#user.length) this.#grow();
    this.#user[k] = user;
    this.#item[k] = item;
    this.#score[k] = score;
    this.#place[k] = place;
  }

  #grow(): void {
    const size = Math.min(MOST_ROWS, this.count * 2);
    const larger = <T extends Uint32Array | Float64Array>(old: T, next: T): T => {
      next.set(old);
      return next;
    };
    this.#user = larger(this.#user, new Uint32Array(size));
    this.#item = larger(this.#item, new Uint32Array(size));
    this.#score = larger(this.#score, new Float64Array(size));
    this.#place = larger(this.#place, new Float64Array(size));
  }

  rows(): ScoredRows {
    const { count } = this;
    return {
      user: this.#user.subarray(0, count),
      item: this.#item.subarray(0, count),
      score: this.#score.subarray(0, count),
      place: this.#place.subarray(0, count),
    };
  }
}

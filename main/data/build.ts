/** Takes usable records one by one, whatever they were read from, and keeps the accounts. */
import { arrange } from './columns/arrange.ts';
import { Dictionary } from './columns/dictionary.ts';
import { fingerprintOf } from './columns/fingerprint.ts';
import { PairSet } from './columns/pairs.ts';
import { RowBlocks } from './columns/rows.ts';
import { RejectLog } from './rejects.ts';
import type { Accounting, Dataset, DuplicatePolicy, Reject, TimeKind } from './types.ts';

export interface BuildOptions {
  timed: boolean;
  timeKind: TimeKind;
  implicit: boolean;
  duplicates: DuplicatePolicy;
  scale: { minimum: number; maximum: number } | null;
  rejectsFile: string | null;
}

/** Largest magnitude of a 32-bit float. */
const LARGEST = 3.4028234663852886e38;

export class RatingBuilder {
  read = 0;
  filtered = 0;
  /** Which file of a given split is being read; rejects bear it. */
  file: 'train' | 'test' | null = null;
  readonly rejects: RejectLog;
  readonly users = new Dictionary();
  readonly items = new Dictionary();
  private readonly rows: RowBlocks;
  private readonly pairs: PairSet | null;
  private readonly options: BuildOptions;
  private readonly low: number;
  private readonly high: number;
  private readonly encoder = new TextEncoder();
  private readonly scratch = new Uint8Array(1 << 16);
  private tags: Uint8Array | null = null;

  constructor(options: BuildOptions) {
    this.options = options;
    this.rows = new RowBlocks(options.timed);
    this.pairs = options.duplicates === 'reject' ? new PairSet() : null;
    this.rejects = new RejectLog(options.rejectsFile);
    this.low = Math.max(options.scale?.minimum ?? -LARGEST, -LARGEST);
    this.high = Math.min(options.scale?.maximum ?? LARGEST, LARGEST);
  }

  /** Rows taken so far, repeats included. */
  get rowCount(): number {
    return this.rows.length;
  }

  inScale(value: number): boolean {
    return value >= this.low && value <= this.high;
  }

  get scaleText(): string {
    const { scale } = this.options;
    return scale ? `a rating from ${scale.minimum} to ${scale.maximum}` : 'a number that fits 32 bits';
  }

  /** Adds a row whose ids are bytes of `buf`; false where it repeats another and repeats are rejected. */
  add(
    buf: Uint8Array,
    userFrom: number,
    userTo: number,
    itemFrom: number,
    itemTo: number,
    value: number,
    time: number,
  ): boolean {
    const user = this.users.intern(buf, userFrom, userTo);
    const item = this.items.intern(buf, itemFrom, itemTo);
    if (this.pairs !== null && !this.pairs.add(user, item)) return false;
    this.rows.append(user, item, value, time);
    return true;
  }

  /** The same for ids that are strings. */
  addText(user: string, item: string, value: number, time: number): boolean {
    const { encoder } = this;
    let { scratch } = this;
    const most = 3 * (user.length + item.length);
    if (most > scratch.length) scratch = new Uint8Array(most);
    const a = encoder.encodeInto(user, scratch).written;
    const b = encoder.encodeInto(item, scratch.subarray(a)).written;
    return this.add(scratch, 0, a, a, a + b, value, time);
  }

  reject(reject: Omit<Reject, 'records'>, records = 1): void {
    this.rejects.add(this.file === null ? reject : { ...reject, file: this.file }, records);
  }

  /** Marks the rows added since the last call with a part of a given split. */
  tagRows(part: number): void {
    const tags = new Uint8Array(this.rows.length).fill(part);
    if (this.tags) tags.set(this.tags);
    this.tags = tags;
  }

  /** Sorts, merges repeats, counts. The builder is empty afterwards. */
  finish(): { dataset: Dataset; accounting: Accounting } {
    const { timed, timeKind, implicit, duplicates } = this.options;
    const arranged = arrange(this.rows, this.users.size, this.items.size, {
      timed,
      implicit,
      duplicates,
      tags: this.tags,
    });
    const { ratings } = arranged;
    const userIds = this.users.ids();
    const itemIds = this.items.ids();
    const accounting = {
      read: this.read,
      imported: ratings.item.length,
      rejected: this.rejects.total,
      duplicates: arranged.duplicates,
      filtered: this.filtered,
    };
    const dataset: Dataset = {
      ratings,
      userIds,
      itemIds,
      metadata: null,
      timeKind,
      part: arranged.tag,
      candidates: null,
      fingerprint: fingerprintOf(ratings, userIds, itemIds, arranged.tag),
    };
    return { dataset, accounting };
  }
}

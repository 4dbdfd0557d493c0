/** Takes usable records one by one, whatever they were read from, and keeps the accounts. */
import type { Profile } from '../../shared/imports.ts';
import { arrange, type Arranged } from './columns/arrange.ts';
import { Dictionary } from './columns/dictionary.ts';
import type { DictionaryParts } from './columns/dictionary.ts';
import { fingerprintOf } from '../ratings/fingerprint.ts';
import { PairSet } from './columns/pair-set.ts';
import { Spellings } from './columns/spellings.ts';
import type { SpellingCount, SpellingParts } from './columns/spellings.ts';
import { RowBlocks } from './columns/rows.ts';
import { renumberItems } from './columns/scatter.ts';
import type { RowBlock } from './columns/rows.ts';
import { mayTrim } from './text/ids.ts';
import { RejectLog } from './rejects.ts';
import type { Accounting, Dataset, DuplicatePolicy, Reject, TimeKind } from './types.ts';

export interface BuildOptions {
  timed: boolean;
  timeKind: TimeKind;
  implicit: boolean;
  duplicates: DuplicatePolicy;
  scale: { minimum: number; maximum: number } | null;
  /** Whether rows bear the part of a given split: then all are needed in file order. */
  tagged?: boolean;
  rejectsFile: string | null;
}

/** What a builder of one segment of a file hands to the builder of the whole. */
export interface BuiltSegment {
  users: DictionaryParts;
  items: DictionaryParts;
  userSpellings: SpellingParts;
  itemSpellings: SpellingParts;
  tally: Record<string, number>;
  blocks: RowBlock[];
  read: number;
  filtered: number;
  /** Rows that were the same as the one before, and were not kept. */
  repeats: number;
  /** All of them; lines count from the segment's start. */
  rejects: Reject[];
  /** Physical lines of the segment. */
  lines: number;
  /** Where the rows stay with the thread that read them: how many each of its users and items has. */
  counts: RowCounts | null;
}

/** The rows of all segments that were joined without theirs. */
export interface ArrangedSegments extends Arranged {
  /** Of all rows, before repeats were merged. */
  counts: RowCounts;
  fingerprint: string;
  profile: Profile;
}

/** [users] and [items] rows of each. */
export type RowCounts = Record<'user' | 'item', Uint32Array>;

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
  private readonly userSpellings = new Spellings(this.users);
  private readonly itemSpellings = new Spellings(this.items);
  /** How often a reader took something for something, by name; see `count`. */
  readonly tally: Record<string, number> = {};
  private readonly rows: RowBlocks;
  private readonly pairs: PairSet | null;
  readonly options: BuildOptions;
  private readonly low: number;
  private readonly high: number;
  private readonly encoder = new TextEncoder();
  private readonly scratch = new Uint8Array(1 << 16);
  private tags: Uint8Array | null = null;
  private arrangedElsewhere: ArrangedSegments | null = null;

  constructor(options: BuildOptions, keptRejects?: number) {
    this.options = options;
    // A mean counts each of them; those that are rejected are met one by one.
    const mergesRuns = options.duplicates !== 'mean' && options.duplicates !== 'reject';
    this.rows = new RowBlocks(options.timed, mergesRuns);
    this.pairs = options.duplicates === 'reject' ? new PairSet() : null;
    this.rejects = new RejectLog(options.rejectsFile, keptRejects);
    this.low = Math.max(options.scale?.minimum ?? -LARGEST, -LARGEST);
    this.high = Math.min(options.scale?.maximum ?? LARGEST, LARGEST);
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
    const user = mayTrim(buf, userFrom, userTo)
      ? this.userSpellings.intern(buf, userFrom, userTo)
      : this.users.intern(buf, userFrom, userTo);
    const item = mayTrim(buf, itemFrom, itemTo)
      ? this.itemSpellings.intern(buf, itemFrom, itemTo)
      : this.items.intern(buf, itemFrom, itemTo);
    if (this.pairs !== null && !this.pairs.add(user, item)) return false;
    this.rows.append(user, item, value, time);
    return true;
  }

  /** Index of the user whose id is in bytes [from, to), blanks around it left out. */
  internUser(buf: Uint8Array, from: number, to: number): number {
    return this.userSpellings.intern(buf, from, to);
  }

  internItem(buf: Uint8Array, from: number, to: number): number {
    return this.itemSpellings.intern(buf, from, to);
  }

  /** Counts records of which a reader took something for something; not for what most records have. */
  count(what: string, records = 1): void {
    this.tally[what] = (this.tally[what] ?? 0) + records;
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

  /** Whether segments may be read apart and joined: repeats that are rejected must be met in order. */
  get canJoin(): boolean {
    return this.pairs === null && this.rows.length === 0 && this.read === 0;
  }

  /**
   * What was built, to be joined elsewhere; the builder is spent.
   * @param apart whether the rows are not in it, but in `takeBlocks`
   */
  segment(lines: number, apart: boolean): { segment: BuiltSegment; transfer: ArrayBuffer[] } {
    const { read, filtered } = this;
    const { repeats } = this.rows;
    const blocks = apart ? [] : this.rows.blocks;
    const counts = apart
      ? {
          user: this.rows.countsOf('user', this.users.size),
          item: this.rows.countsOf('item', this.items.size),
        }
      : null;
    const transfer = blocks.flatMap((block) =>
      [block.user, block.item, block.value, block.time].map((column) => column.buffer as ArrayBuffer),
    );
    const rejects = this.rejects.first;
    const [users, items] = [this.users.parts(), this.items.parts()];
    const [userSpellings, itemSpellings] = [this.userSpellings.parts(), this.itemSpellings.parts()];
    const { tally } = this;
    return {
      segment: {
        users,
        items,
        userSpellings,
        itemSpellings,
        tally,
        blocks,
        read,
        filtered,
        repeats,
        rejects,
        lines,
        counts,
      },
      transfer,
    };
  }

  /** The rows of a segment that stays apart. */
  takeBlocks(): RowBlock[] {
    const { blocks } = this.rows;
    this.rows.release();
    return blocks;
  }

  /**
   * Takes a segment that follows what is there; its first line is `lineOffset` + 1 of the file.
   * @returns the number here of each of its users and items
   */
  join(segment: BuiltSegment, lineOffset: number): RowCounts {
    const user = this.users.absorb(segment.users);
    const item = this.items.absorb(segment.items);
    this.userSpellings.absorb(segment.userSpellings, user);
    this.itemSpellings.absorb(segment.itemSpellings, item);
    for (const [what, records] of Object.entries(segment.tally)) this.count(what, records);
    renumberItems(segment.blocks, item);
    for (const block of segment.blocks) {
      for (let k = 0; k < block.length; k++) block.user[k] = user[block.user[k]];
      this.rows.adopt(block);
    }
    for (const { records, ...reject } of segment.rejects) {
      this.reject({ ...reject, line: reject.line + lineOffset }, records);
    }
    this.read += segment.read;
    this.filtered += segment.filtered;
    this.rows.repeats += segment.repeats;
    return { user, item };
  }

  takeArranged(arranged: ArrangedSegments): void {
    this.arrangedElsewhere = arranged;
  }

  /** Marks the rows added since the last call with a part of a given split. */
  tagRows(part: number): void {
    const tags = new Uint8Array(this.rows.length).fill(part);
    if (this.tags) tags.set(this.tags);
    this.tags = tags;
    this.rows.seal();
  }

  /** Ids that were trimmed; null where none were. To be asked before `finish`. */
  spellings(column: 'user' | 'item'): SpellingCount | null {
    const spellings = column === 'user' ? this.userSpellings : this.itemSpellings;
    if (spellings.isEmpty) return null;
    const ids = column === 'user' ? this.users : this.items;
    return spellings.summary(this.arrangedElsewhere?.counts[column] ?? this.rows.countsOf(column, ids.size));
  }

  /** Sorts, merges repeats, counts. The builder is empty afterwards. */
  finish(): { dataset: Dataset; accounting: Accounting } {
    const { timed, timeKind, implicit, duplicates } = this.options;
    const { repeats } = this.rows;
    const elsewhere = this.arrangedElsewhere;
    this.arrangedElsewhere = null;
    const arranged =
      elsewhere ??
      arrange(this.rows, this.users.size, this.items.size, { timed, implicit, duplicates, tags: this.tags });
    const { ratings } = arranged;
    const userIds = this.users.ids();
    const itemIds = this.items.ids();
    const accounting = {
      read: this.read,
      imported: ratings.item.length,
      rejected: this.rejects.total,
      duplicates: arranged.duplicates + repeats,
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
      fingerprint: elsewhere?.fingerprint ?? fingerprintOf(ratings, userIds, itemIds, arranged.tag),
      ...(elsewhere && { profile: elsewhere.profile }),
    };
    return { dataset, accounting };
  }
}

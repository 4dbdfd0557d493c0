/** What the importer will do with a file: every choice made, given or guessed. */
import type { thousandsMarks } from '../../../shared/imports.ts';
import type { Decoration } from '../text/decorated.ts';
import type { Source } from '../source/source.ts';
import type { FileFormat, Inspection, TimeUnit } from '../types.ts';

/** Positions are from 0; −1: none. */
export interface ColumnPlan {
  user: number;
  item: number;
  rating: number;
  time: number;
}

export interface WidePlan {
  /** Position of the user column; −1 where the number of the record is the user. */
  userColumn: number;
  /** Columns of items; their ids are `itemIds`. */
  itemColumns: number[];
  itemIds: string[];
  missing: string | null;
}

/** One user a line, then the items. */
export interface PerLinePlan {
  /** What parts the items where all of them are in the second field; null: every field is an item. */
  inner: string | null;
  /** The first field counts the items; a user is the number of his line. */
  countFirst: boolean;
  /** Each item stands with its rating, as in 104:5. */
  rated: boolean;
}

export interface Plan {
  source: Source;
  format: FileFormat;
  encoding: string;
  delimiter: string;
  quote: string;
  /** Blanks stand between delimiters and quotes. */
  spaced: boolean;
  /** Each line stands in one pair of quotes. */
  wrapped: boolean;
  /** Line that the header begins on, nothing above it counts; 0: none. */
  headerLine: number;
  /** Header names; empty strings without one. */
  names: string[];
  columnCount: number;
  /** Fields that a record has at least: fewer than `columnCount` where the header names fewer columns. */
  leastColumns: number;
  decimal: '.' | ',';
  /** Between thousands of a rating; '' for none. */
  thousands: (typeof thousandsMarks)[number];
  /** What words of the rating column stand for, in lower case. */
  ratingWords: Record<string, number> | null;
  /** What stands around the numbers of the rating column, as in 4/5; null: nothing. */
  decoration: Decoration | null;
  timeDecimal: '.' | ',';
  /** Earliest and latest instant (milliseconds since 1970) that a time can be; beyond, it has another unit. */
  timeBounds: { from: number; to: number };
  columns: ColumnPlan;
  timeUnit: TimeUnit | null;
  implicit: boolean;
  wide: WidePlan | null;
  perLine: PerLinePlan | null;
}

export interface Sniffed {
  plan: Plan;
  inspection: Inspection;
}

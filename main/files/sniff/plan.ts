/** What the importer will do with a file: every choice made, given or guessed. */
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
  /** −1: a user is the number of the record. */
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
}

export interface Plan {
  source: Source;
  format: FileFormat;
  encoding: string;
  delimiter: string;
  quote: string;
  /** Line that the header begins on, nothing above it counts; 0: none. */
  headerLine: number;
  /** Header names; empty strings without one. */
  names: string[];
  columnCount: number;
  decimal: '.' | ',';
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

/**
 * What goes into the importer and what comes out. The accounting is a contract (the command line prints it):
 * read = imported + rejected + duplicates + filtered, exact to the record.
 */
import type {
  Interpretation,
  ItemsPreview,
  Profile,
  duplicatePolicies,
  thousandsMarks,
  timeUnits,
} from '../../shared/imports.ts';
import type { Ratings } from '../ratings/ratings.ts';

/** A column, by its header name or its 1-based position (a number, or digits where no header bears that name). */
export type ColumnRef = string | number;

/**
 * Which of several ratings of one item by one user stays. `last` and `first` go by time, then by row; `max` keeps the
 * latest of the highest; `mean` keeps the latest time. `reject` keeps the first record of the file.
 */
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

/** `iso`, `dmy` (dd/mm/yyyy) and `mdy` (mm/dd/yyyy) are read as UTC; `order` is a position without a date (no column: the file's rows). */
export type TimeUnit = (typeof timeUnits)[number];

/** `text`: delimited; `netflix`: blocks of `item:` followed by `user,rating,date`. */
export const fileFormats = ['text', 'jsonl', 'json', 'parquet', 'netflix'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** How a delimited file is written; what is left out is sniffed. */
export interface Dialect {
  /** One or more characters, e.g. ',' or '::' or '\t'. A space stands for any run of spaces. */
  delimiter?: string;
  /** One character, or '' for none. */
  quote?: string;
  /** Any name that iconv-lite knows: utf-8, utf-16, latin-1, windows-1252 … */
  encoding?: string;
  header?: boolean;
}

/** The second file: titles, genres and years, joined on the item id. */
export interface ItemsOptions extends Dialect {
  path: string;
  member?: string;
  id?: ColumnRef;
  title?: ColumnRef;
  genres?: ColumnRef;
  year?: ColumnRef;
}

export const itemRoles = ['id', 'title', 'genres', 'year', 'image'] as const;
export type ItemRole = (typeof itemRoles)[number];

export interface ImportOptions extends Dialect {
  format?: FileFormat;
  user?: ColumnRef;
  item?: ColumnRef;
  rating?: ColumnRef;
  time?: ColumnRef;
  decimal?: '.' | ',';
  /** Between thousands of a rating. */
  thousands?: (typeof thousandsMarks)[number];
  /** What words in the rating column stand for, compared without case. */
  ratingWords?: Record<string, number>;
  timeUnit?: TimeUnit;
  /** No column is guessed to be the time. */
  noTime?: boolean;
  /** Every record is one interaction of value 1; a rating column is ignored. */
  implicit?: boolean;
  /** A users × items matrix: one row a user, one column an item. */
  wide?: boolean;
  /** Each line is a user and his items; all are interactions of value 1. */
  userPerLine?: boolean;
  /** Wide: the cell that stands for "not rated", compared as a number where it is one (99 = 99.00). */
  missing?: string;
  /** A rating that stands for "not rated"; such records are filtered. */
  missingRating?: string;
  /** Path inside a zip. */
  member?: string;
  /** Sheet of a workbook. */
  sheet?: string;
  items?: ItemsOptions;
  /** Default `last`. */
  duplicates?: DuplicatePolicy;
  /** Percent of the records read that may be rejected; default 5. */
  maxRejected?: number;
  /** Ratings outside are rejected as `out of scale`. */
  scale?: { minimum: number; maximum: number };
  /** Where to write every rejected record as CSV (line, kind, column, found, expected, text). */
  rejectsOut?: string;
  /** Of what the caller gets of them; what is stored is exact. */
  safeForSpreadsheets?: boolean;
}

export interface Accounting {
  read: number;
  imported: number;
  rejected: number;
  duplicates: number;
  filtered: number;
}

export const rejectKinds = [
  'missing column',
  'too many columns',
  'not a number',
  'empty id',
  'bad quoting',
  'bad encoding',
  'bad time',
  'other time unit',
  'out of scale',
  'duplicate',
  'too long',
  'bad record',
] as const;
export type RejectKind = (typeof rejectKinds)[number];

export interface Reject {
  /** First physical line of the record, header counted, from 1; for Parquet the row, from 1. */
  line: number;
  kind: RejectKind;
  /** Name or position of the column at fault, where one is. */
  column?: string;
  found: string;
  expected: string;
  /** The record as it stands in the file, cut at 500 characters. */
  text: string;
  /** Which of the two files of a given split. */
  file?: 'train' | 'test';
  /** Records that this entry accounts for: the cells of a matrix row that could not be split; otherwise 1. */
  records: number;
}

export type RejectCounts = Partial<Record<RejectKind, number>>;

/** One guess of the sniffer, with the reason it shows. */
export interface Guess<T> {
  value: T;
  /** Such as "';' in 300 of 300 sampled lines". */
  why: string;
  /** True where the caller said so, and nothing was guessed. */
  given: boolean;
}

export type Role = 'user' | 'item' | 'rating' | 'time';

export interface ColumnSample {
  /** 1-based. */
  position: number;
  /** Header name, or '' where there is none. */
  name: string;
  /** First distinct values. */
  samples: string[];
  /** Share of the sampled values that are numbers, 0 … 1. */
  numeric: number;
  empty: number;
  role: Role | null;
}

export interface ZipMember {
  path: string;
  bytes: number;
}

/** What the wizard shows before anything is read whole. */
export interface Inspection {
  path: string;
  bytes: number;
  container: 'plain' | 'gzip' | 'zip' | 'xlsx' | 'parquet';
  members: ZipMember[];
  member: string | null;
  sheets: string[];
  sheet: string | null;
  format: Guess<FileFormat>;
  encoding: Guess<string>;
  delimiter: Guess<string>;
  quote: Guess<string>;
  header: Guess<boolean>;
  decimal: Guess<'.' | ','>;
  thousands: Guess<(typeof thousandsMarks)[number]>;
  ratingWords: Record<string, number> | null;
  lineEnd: Guess<'lf' | 'crlf' | 'cr' | 'mixed'>;
  wide: Guess<boolean>;
  perLine: Guess<boolean>;
  missing: Guess<string | null>;
  /** Name of the recognised shape ('MovieLens u.data'), or null. */
  shape: Guess<string | null>;
  mapping: Partial<Record<Role, Guess<number>>>;
  timeUnit: Guess<TimeUnit | null>;
  implicit: Guess<boolean>;
  columns: ColumnSample[];
  /** Fields a record is expected to have. */
  columnCount: number;
  /** First 100 records as fields, header left out. */
  preview: { line: number; fields: string[]; problem?: RejectKind }[];
  /** Records in the file, estimated from the sample. */
  estimatedRecords: number;
  /** Why it cannot be imported as it stands (columns to be named …), or null. */
  problem: { code: string; message: string; hint: string } | null;
  /** What was guessed and could be otherwise, as far as the sample shows it. */
  interpretations: Interpretation[];
  /** The list of items, where one was given. */
  items: ItemsPreview | null;
  /** Signature of the header, under which a mapping may be remembered. */
  headerKey: string;
  seconds: number;
}

export interface ItemMetadata {
  /** Title per item index; null where the metadata has none. */
  titles: (string | null)[];
  genres: (string[] | null)[];
  years: (number | null)[];
  /** Addresses of pictures; kept, never fetched. */
  images: (string | null)[];
}

/** Outcome of joining the second file. */
export interface ItemsReport {
  read: number;
  /** Items of the data set that got a row. */
  matched: number;
  /** Rows of the file that no rating refers to. */
  unused: number;
  rejected: number;
  repeated: number;
  /** Which column was taken for what; `why` where it was guessed. */
  taken: { role: ItemRole; column: string; why: string | null }[];
}

/** Candidates given for the test rows (NCF's negatives), in CSR form over the test rows in row order. */
export interface GivenCandidates {
  /** [test rows + 1] */
  start: Uint32Array;
  /** Item indices of the negatives. */
  items: Uint32Array;
  /** Negatives that equalled their positive and were dropped. */
  dropped: number;
}

/** `time`: milliseconds since 1970; `order`: positions. */
export type TimeKind = 'time' | 'order' | 'none';

/** A data set ready to be stored: columns, ids, metadata, and where they come from. */
export interface Dataset {
  ratings: Ratings;
  /** External ids by index; order of first appearance among the imported records. */
  userIds: string[];
  itemIds: string[];
  metadata: ItemMetadata | null;
  timeKind: TimeKind;
  /** [n] TRAIN or TEST where the file came with its split; null otherwise. */
  part: Uint8Array | null;
  candidates: GivenCandidates | null;
  /** SHA-256 (hex) of ids and rows: the same data have the same fingerprint wherever they came from. */
  fingerprint: string;
  /** Where it is known already. */
  profile?: Profile;
}

export interface ImportReport {
  accounting: Accounting;
  rejectKinds: RejectCounts;
  /** First 100, by line. */
  rejects: Reject[];
  /** All of them as CSV, where `rejectsOut` was given. */
  rejectsFile: string | null;
  users: number;
  items: number;
  ratings: number;
  /** SHA-256 (hex) of the source file as it stands on disk. */
  sourceHash: string;
  sourceBytes: number;
  /** What was used in the end, given or guessed: enough to import the next file alike. */
  used: ImportOptions;
  shape: string | null;
  /** Lowest and highest imported rating; null for interactions without ratings. */
  ratingRange: { minimum: number; maximum: number } | null;
  /** First and last time, in milliseconds since 1970; null without times. */
  timeSpan: { first: number; last: number } | null;
  itemsReport: ItemsReport | null;
  /** What was taken for what, with the records of the whole file that hang on it. */
  interpretations: Interpretation[];
  seconds: number;
  /** Peak memory of the process that read it, in MB. */
  peakMemoryMb: number;
}

export type ImportResult = ImportReport & { dataset: Dataset };

export type ImportStage = 'read' | 'sort' | 'items' | 'write';

export interface ImportProgress {
  stage: ImportStage;
  /** Bytes of the source file read so far, and in all. */
  bytes: number;
  totalBytes: number;
  records: number;
  rejected: number;
  recordsPerSecond: number;
  /** Seconds that reading is expected to take on. */
  eta: number | null;
}

export type OnProgress = (progress: ImportProgress) => void;

/** A split that comes in files of its own. */
export interface SplitOptions extends ImportOptions {
  /** One line a test row: `(user,item)` and its negatives, tab-separated (NCF's format). */
  negatives?: string;
}

/**
 * How ratings become train, validation and test parts. A split is a pure function of the ratings and its
 * configuration: the same rows get the same parts on every machine, and the hash says so.
 */
import { createHash } from 'node:crypto';
import { type SplitConfig, WINDOWS } from '../../../shared/config.ts';
import { splitSettings } from '../../../shared/run-identity.ts';
import { LATER, TEST, TRAIN, VALIDATION, type Ratings } from '../../ratings/ratings.ts';
import { Random } from '../../numeric/random.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { Split } from '../../ratings/split.ts';

/** Share of what is not test that becomes validation. */
export const VALIDATION_SHARE = 0.1;

/** A split that came with the data: parts by row, and whom each test row is ranked against. */
export interface GivenSplit {
  readonly part: Uint8Array;
  readonly candidates?: Split['given'];
}

/**
 * Splits the ratings.
 * - `random`: round(n · testShare) rows drawn without replacement are test, then round(.1 · rest) validation.
 * - `user-ratio`: of each user's m rows in time order the last round(m · testShare) are test, and of the others the
 *   last round(.1 · rest) validation; one row at least stays in train.
 * - `leave-last-out`: each user's last row is test and the last of the others validation. Users with one row keep it
 *   in train, with two rows they have no validation row. `ties: first` takes the first row among the latest.
 * - `global-time`: the latest round(n · testShare) rows of all are test (among equal times the later user and row),
 *   then the latest round(.1 · rest) validation.
 * - `k-fold`: a seeded order of the rows is cut in `folds` parts, number `fold` is test; validation as in `random`.
 * - `rolling`: the latest rows are cut into `windows` windows of time of n · testShare rows each (equal times stand on
 *   one side of a cut); number `window` is test, what came before is train, the latest .1 of it validation, and what
 *   comes after is in no part: nothing is learned from the future.
 * - `given`: test as in the files. Where no validation rows came with them: each user's last train row if no user has
 *   more than one test row; as in `user-ratio` if every user's test rows are the last of them; else as in `random`.
 *
 * `validation: none` leaves the test part as it is and adds the validation rows to train.
 * @throws WorkbenchError where the data have no time to split by, no given split, or too few rows.
 */
export function makeSplit(ratings: Ratings, config: SplitConfig, given?: GivenSplit): Split {
  const part = new Uint8Array(ratings.item.length);
  let candidates: Split['given'];
  if (config.name === 'given') {
    if (!given)
      throw new WorkbenchError(
        'no-given-split',
        'This data set came without a split of its own.',
        'Choose another split, or import its train and test files with import-split.',
      );
    if (given.part.length !== part.length)
      throw new RangeError(`the given split has ${given.part.length} rows, the ratings ${part.length}`);
    part.set(given.part);
    candidates = given.candidates;
    if (config.validation === 'none') part.forEach((p, row) => p === VALIDATION && (part[row] = TRAIN));
    else if (!part.includes(VALIDATION)) markGivenValidation(ratings, config, part);
  } else {
    if ((config.name === 'global-time' || config.name === 'rolling') && !ratings.time)
      throw new WorkbenchError(
        'no-time',
        'A split by time needs times, and this data set has none.',
        'Choose a random split, or import the data again with a time column.',
      );
    mark(ratings, config, part);
  }
  if (!part.includes(TEST))
    throw new WorkbenchError(
      'empty-test',
      `The split ${config.name} leaves no row to test on.`,
      'Raise the test share, or choose another split.',
    );
  if (!part.includes(TRAIN))
    throw new WorkbenchError(
      'empty-train',
      `The split ${config.name} leaves no row to train on.`,
      'Lower the test share.',
    );
  return {
    config,
    hash: splitHash(config, part, candidates),
    part,
    ...(candidates && { given: candidates }),
  };
}

/** Whether a split looks at times; rows are in the order of time anyway. */
export function splitReadsTime({ name, ties }: SplitConfig): boolean {
  return (
    name === 'global-time' ||
    name === 'rolling' ||
    (ties === 'first' && (name === 'leave-last-out' || name === 'given'))
  );
}

function mark(ratings: Ratings, config: SplitConfig, part: Uint8Array): void {
  const validate = config.validation === 'auto';
  switch (config.name) {
    case 'random':
      // However small the data, a share of them is a row at least.
      return markRandom(config, part, Math.max(1, Math.round(part.length * config.testShare)), 0);
    case 'k-fold':
      return markFold(config, part);
    case 'user-ratio':
      markUserShare(ratings, part, TEST, config.testShare);
      if (validate) markUserShare(ratings, part, VALIDATION, VALIDATION_SHARE);
      return;
    case 'leave-last-out':
      markLast(ratings, part, TEST, config.ties);
      if (validate) markLast(ratings, part, VALIDATION, config.ties);
      return;
    case 'global-time':
      return markLatest(ratings, config, part);
    case 'rolling':
      return markWindow(ratings, config, part);
    case 'given':
  }
}

/** Rows order[from … from + tests − 1] of the seeded order become test, and of the others a tenth validation. */
function markRandom(config: SplitConfig, part: Uint8Array, tests: number, from: number): void {
  const order = new Random(config.seed, 'split').permutation(part.length);
  for (let k = from; k < from + tests; k++) part[order[k]] = TEST;
  if (config.validation === 'none') return;
  const validations = Math.round((part.length - tests) * VALIDATION_SHARE);
  for (let k = 0, marked = 0; marked < validations; k++) {
    if (part[order[k]] !== TRAIN) continue;
    part[order[k]] = VALIDATION;
    marked++;
  }
}

function markFold(config: SplitConfig, part: Uint8Array): void {
  const { fold, folds } = config;
  if (fold >= folds)
    throw new WorkbenchError(
      'invalid-fold',
      `Fold ${fold} of ${folds} folds does not exist.`,
      `Folds are counted from 0 to ${folds - 1}.`,
    );
  const from = Math.floor((part.length * fold) / folds);
  const to = Math.floor((part.length * (fold + 1)) / folds);
  markRandom(config, part, to - from, from);
}

/** Marks the last share of each user's train rows, leaving one at least. */
function markUserShare(ratings: Ratings, part: Uint8Array, mark: number, share: number): void {
  for (let u = 0; u < ratings.userCount; u++) {
    let end = ratings.start[u + 1];
    while (end > ratings.start[u] && part[end - 1] !== TRAIN) end--;
    const rows = end - ratings.start[u];
    const marked = Math.max(0, Math.min(Math.round(rows * share), rows - 1));
    part.fill(mark, end - marked, end);
  }
}

/** Marks the last train row of each user who has two or more. */
function markLast(
  ratings: Ratings,
  part: Uint8Array,
  mark: number,
  ties: SplitConfig['ties'],
  users?: Uint8Array,
): void {
  const { start, time } = ratings;
  for (let u = 0; u < ratings.userCount; u++) {
    if (users && !users[u]) continue;
    let last = -1;
    let rows = 0;
    for (let row = start[u + 1] - 1; row >= start[u]; row--) {
      if (part[row] !== TRAIN) continue;
      rows++;
      if (last < 0 || (ties === 'first' && time && time[row] === time[last])) last = row;
    }
    if (rows > 1) part[last] = mark;
  }
}

function markLatest(ratings: Ratings, config: SplitConfig, part: Uint8Array): void {
  const time = ratings.time as Float64Array;
  const order = Uint32Array.from(part, (_, row) => row).sort((a, b) => time[a] - time[b] || a - b);
  const rest = order.length - Math.round(order.length * config.testShare);
  for (let k = rest; k < order.length; k++) part[order[k]] = TEST;
  if (config.validation === 'none') return;
  for (let k = rest - Math.round(rest * VALIDATION_SHARE); k < rest; k++) part[order[k]] = VALIDATION;
}

/** @throws WorkbenchError `invalid-window`, `windows-too-wide`, `empty-window` */
function markWindow(ratings: Ratings, config: SplitConfig, part: Uint8Array): void {
  const time = ratings.time as Float64Array;
  const { windows = WINDOWS, window = 0, testShare } = config;
  if (window >= windows)
    throw new WorkbenchError(
      'invalid-window',
      `Window ${window} of ${windows} windows does not exist.`,
      `Windows are counted from 0 to ${windows - 1}.`,
    );
  if (windows * testShare >= 1)
    throw new WorkbenchError(
      'windows-too-wide',
      `${windows} windows of ${testShare} of the ratings each leave nothing to train the first one on.`,
      'Take fewer windows, or a smaller test share.',
    );
  const order = Uint32Array.from(part, (_, row) => row).sort((a, b) => time[a] - time[b] || a - b);
  const count = order.length;
  /** Where window k begins: behind all rows of the time of the last row before it. */
  const begin = (k: number): number => {
    const rest = (windows - k) * Math.max(1, Math.round(count * testShare));
    let at = Math.max(0, count - rest);
    while (at > 0 && at < count && time[order[at]] === time[order[at - 1]]) at++;
    return at;
  };
  const [from, to] = [begin(window), window + 1 === windows ? count : begin(window + 1)];
  if (from >= to)
    throw new WorkbenchError(
      'empty-window',
      `Window ${window + 1} of ${windows} has no ratings: too many share one time.`,
      'Take fewer windows, or a larger test share.',
    );
  for (let k = from; k < to; k++) part[order[k]] = TEST;
  for (let k = to; k < count; k++) part[order[k]] = LATER;
  if (config.validation === 'none') return;
  for (let k = from - Math.round(from * VALIDATION_SHARE); k < from; k++) part[order[k]] = VALIDATION;
}

function markGivenValidation(ratings: Ratings, config: SplitConfig, part: Uint8Array): void {
  const { rule, tested } = givenValidation(ratings, part);
  if (rule === 'last') return markLast(ratings, part, VALIDATION, config.ties, tested);
  if (rule === 'share') return markUserShare(ratings, part, VALIDATION, VALIDATION_SHARE);
  const order = new Random(config.seed, 'split')
    .permutation(part.length)
    .filter((row) => part[row] === TRAIN);
  const validations = Math.round(order.length * VALIDATION_SHARE);
  for (let k = 0; k < validations; k++) part[order[k]] = VALIDATION;
}

/**
 * How validation rows are chosen beside given test rows: each user's last train row, the last share of them, or at
 * random. `tested`: [userCount] how many rows of each are test.
 */
export function givenValidation(
  ratings: Ratings,
  part: Uint8Array,
): { rule: 'last' | 'share' | 'random'; tested: Uint8Array } {
  const tested = new Uint8Array(ratings.userCount);
  let mostTests = 0;
  let testIsLast = true;
  for (let u = 0; u < ratings.userCount; u++) {
    let tests = 0;
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) {
      if (part[row] === TEST) tests++;
      else if (tests > 0) testIsLast = false;
    }
    tested[u] = tests;
    mostTests = Math.max(mostTests, tests);
  }
  return { rule: mostTests === 1 ? 'last' : testIsLast ? 'share' : 'random', tested };
}

/** 16 hexadecimal digits of the SHA-256 of what acts of the configuration, every row's part and the given candidates. */
function splitHash(config: SplitConfig, part: Uint8Array, candidates: Split['given']): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(splitSettings(config)))
    .update(part);
  if (candidates) hash.update(candidates.start).update(candidates.items);
  return hash.digest('hex').slice(0, 16);
}

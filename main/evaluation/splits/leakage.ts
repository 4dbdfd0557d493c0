/** What a split lets through: facts about the future, ties and strangers that a figure should be read with. */
import { TEST, TRAIN, type Ratings } from '../../ratings/ratings.ts';
import type { Split } from '../../ratings/split.ts';

export interface LeakageFigures {
  /** Mean over test rows of the share of train rows that are later than it (any user's); null without times. */
  readonly trainLaterThanTest: number | null;
  /** Users whose test row shares its time with another of their rows, so that row order decided it. */
  readonly tiedLast: number;
  /** Train and validation rows of a user at the time of their test row, but after it: known under `ties: first`. */
  readonly tiedRowsInTrain: number;
  readonly coldUsers: number;
  readonly coldItems: number;
  /** Test rows whose item no train row holds. */
  readonly coldItemRows: number;
  /** Test rows whose user and item are in train or validation too. */
  readonly duplicates: number;
  readonly testRows: number;
  readonly testUsers: number;
}

export interface LeakageLine {
  readonly code: string;
  readonly text: string;
  readonly value: number;
  /** So much that the figures say little of the users they are meant for. */
  readonly grave: boolean;
}

/**
 * Counts what a split lets through.
 * @param timeKind `time`: times compare between users; `order`: within a user only; `none`.
 */
export function leakageFigures(
  ratings: Ratings,
  split: Pick<Split, 'part'>,
  timeKind: 'time' | 'order' | 'none',
): LeakageFigures {
  const { part } = split;
  const { start, item } = ratings;
  const time = timeKind === 'none' ? null : ratings.time;
  const trained = new Uint8Array(ratings.itemCount);
  for (let row = 0; row < part.length; row++) if (part[row] === TRAIN) trained[item[row]] = 1;
  const coldItem = new Uint8Array(ratings.itemCount);
  const seenBy = new Int32Array(ratings.itemCount).fill(-1);
  let [testRows, testUsers, coldUsers, coldItems, coldItemRows] = [0, 0, 0, 0, 0];
  let [duplicates, tiedLast, tiedRowsInTrain] = [0, 0, 0];
  for (let u = 0; u < ratings.userCount; u++) {
    let [tests, trains, tied] = [0, 0, false];
    for (let row = start[u]; row < start[u + 1]; row++) {
      if (part[row] < TEST) seenBy[item[row]] = u;
      if (part[row] === TRAIN) trains++;
      if (part[row] === TEST) tests++;
    }
    if (tests === 0) continue;
    testUsers++;
    testRows += tests;
    if (trains === 0) coldUsers++;
    for (let row = start[u]; row < start[u + 1]; row++) {
      if (part[row] !== TEST) continue;
      if (seenBy[item[row]] === u) duplicates++;
      if (!trained[item[row]]) {
        coldItemRows++;
        if (!coldItem[item[row]]) coldItems++;
        coldItem[item[row]] = 1;
      }
      if (!time) continue;
      const isTied = (other: number): boolean => part[other] < TEST && time[other] === time[row];
      for (let k = row - 1; k >= start[u] && time[k] === time[row]; k--) tied ||= isTied(k);
      for (let k = row + 1; k < start[u + 1] && time[k] === time[row]; k++) {
        tied ||= isTied(k);
        if (isTied(k)) tiedRowsInTrain++;
      }
    }
    if (tied) tiedLast++;
  }
  return {
    trainLaterThanTest: timeKind === 'time' && time ? trainLaterThanTest(time, part) : null,
    tiedLast,
    tiedRowsInTrain,
    coldUsers,
    coldItems,
    coldItemRows,
    duplicates,
    testRows,
    testUsers,
  };
}

/** Mean over test rows of the share of train rows with a later time. */
function trainLaterThanTest(time: Float64Array, part: Uint8Array): number {
  const train = time.filter((_, row) => part[row] === TRAIN).sort();
  const test = time.filter((_, row) => part[row] === TEST).sort();
  if (train.length === 0 || test.length === 0) return 0;
  let later = 0;
  let passed = 0;
  for (const t of test) {
    while (passed < train.length && train[passed] <= t) passed++;
    later += train.length - passed;
  }
  return later / train.length / test.length;
}

/** Share of the test users: where more of them are cold, the figures are mostly of strangers. */
const MANY_COLD = 0.25;

/** The figures that are worth a sentence, for the split's preview and the notes of a comparison. */
export function leakageReport(
  ratings: Ratings,
  split: Split,
  timeKind: 'time' | 'order' | 'none',
): { figures: LeakageFigures; lines: LeakageLine[] } {
  const figures = leakageFigures(ratings, split, timeKind);
  const lines: LeakageLine[] = [];
  const add = (code: string, value: number | null, text: () => string, grave = false): void => {
    if (value) lines.push({ code, value, text: text(), grave });
  };
  const later = figures.trainLaterThanTest;
  add('train-later-than-test', later, () => {
    return `${percent(later as number)} of the training events are later than the test event: models see the future of other users.`;
  });
  if (split.config.name === 'leave-last-out' || split.config.name === 'given')
    add('tied-last', figures.tiedLast, () => {
      const rule = split.config.name === 'given' ? '' : ` (ties: ${split.config.ties})`;
      const share = percent(figures.tiedLast / figures.testUsers);
      return `For ${share} of the users a tie of time decided which item is the last${rule}.`;
    });
  add('tied-rows-in-train', figures.tiedRowsInTrain, () => {
    return `${count(figures.tiedRowsInTrain, 'row')} of the same time as a test item, but after it, ${are(figures.tiedRowsInTrain)} in train or validation: a sequence model may learn the test item from them.`;
  });
  const { coldUsers, testUsers } = figures;
  const many = coldUsers > MANY_COLD * testUsers;
  const unknown = 'nothing is known of them, so every model gives them what it gives strangers';
  add(
    'cold-users',
    coldUsers,
    () =>
      `${coldUsers.toLocaleString('en')} of ${count(testUsers, 'test user')} ${have(coldUsers)} no row in train${many ? `: ${unknown}` : ''}.`,
    many,
  );
  add('cold-items', figures.coldItems, () => {
    return `${count(figures.coldItems, 'test item')} (${count(figures.coldItemRows, 'row')}) ${have(figures.coldItems)} no row in train.`;
  });
  add('duplicates', figures.duplicates, () => {
    return `${count(figures.duplicates, 'test row')} ${are(figures.duplicates)} in train or validation too.`;
  });
  if (timeKind === 'none' && ['leave-last-out', 'user-ratio'].includes(split.config.name))
    lines.push({
      code: 'no-time',
      value: 0,
      grave: false,
      text: 'The data have no time: the order of the file stands for it.',
    });
  return { figures, lines };
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
const are = (n: number): string => (n === 1 ? 'is' : 'are');
const have = (n: number): string => (n === 1 ? 'has' : 'have');

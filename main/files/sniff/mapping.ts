/** Which column is the user, the item, the rating and the time. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { asked, doubted, remedy, told } from '../interpretations.ts';
import type { Guess, ImportOptions, Role } from '../types.ts';
import { columnAt, describeColumns, looksLike, rolesOf } from './names.ts';
import { recogniseShape } from './shapes.ts';
import { numericShare } from './values.ts';
import { knownWords, namesFeedback, wordsOf } from './word-values.ts';

const roles = ['user', 'item', 'rating', 'time'] as const;

export interface MappingInput {
  names: string[];
  columnCount: number;
  delimiter: string;
  /** Sampled records with the right number of fields, header left out. */
  records: string[][];
  options: ImportOptions;
}

export interface Mapping {
  mapping: Partial<Record<Role, Guess<number>>>;
  shape: Guess<string | null>;
  implicit: Guess<boolean>;
  problem: WorkbenchError | null;
  interpretations: Interpretation[];
}

/** Shapes that a header tells, by the plain names of their columns. */
const headedShapes: { name: string; columns: string }[] = [
  { name: 'MovieLens ratings.csv', columns: 'userId,movieId,rating,timestamp' },
  { name: 'Book-Crossing ratings', columns: 'User-ID,ISBN,Book-Rating' },
  { name: 'Last.fm user_artists', columns: 'userID,artistID,weight' },
];

/** Given columns stand; the others come from the header's names, then from the shape. Never from their order alone. */
export function mapColumns(input: MappingInput): Mapping {
  const { names, columnCount, options } = input;
  const result: Mapping = {
    mapping: {},
    shape: { value: null, why: 'no known shape', given: false },
    implicit: {
      value: options.implicit ?? false,
      why: options.implicit ? 'given' : '',
      given: !!options.implicit,
    },
    problem: null,
    interpretations: [],
  };
  const { mapping } = result;
  // Under a header that counts from 0, "1" is the first column by position, unless "0" shows that names are meant.
  const counting = names.length > 0 && names.every((name, k) => name === String(k));
  const byName = !counting || roles.some((role) => String(options[role]) === '0');
  for (const role of roles) {
    const given = options[role];
    const reference = !byName && typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
    if (reference === undefined || (role === 'rating' && options.implicit)) continue;
    mapping[role] = { value: columnAt(reference, names, columnCount, role), why: 'given', given: true };
  }
  guessMissingRoles(input, result);
  dropEmptyTime(input, result);
  if (!mapping.user || !mapping.item) {
    result.problem = columnsNeeded(input, mapping);
    return result;
  }
  if (mapping.user.value === mapping.item.value) {
    result.problem = new WorkbenchError(
      'columns-needed',
      'User and item are the same column.',
      `Columns: ${describeColumns(names, columnCount)}.`,
    );
  } else if (!mapping.rating && !options.implicit) settleImplicit(input, result);
  return result;
}

function guessMissingRoles(input: MappingInput, { mapping, shape }: Mapping): void {
  const { names, columnCount, delimiter, records, options } = input;
  const taken = (at: number): boolean => Object.values(mapping).some((guess) => guess.value === at);
  const fill = (role: Role, at: number | undefined, why: string): void => {
    if (at === undefined || mapping[role] || taken(at) || (role === 'rating' && options.implicit)) return;
    if (role === 'time' && options.noTime) return;
    mapping[role] = { value: at, why, given: false };
  };
  if (names.length > 0) {
    const named = rolesOf(names);
    for (const role of roles) fill(role, named[role], `the column is named ${names[named[role] ?? 0]}`);
    const header = names.slice(0, 4).join(',').toLowerCase();
    const known = headedShapes.find((each) => header.startsWith(each.columns.toLowerCase()));
    if (known) Object.assign(shape, { value: known.name, why: `header ${known.columns}` });
    else if (names.some((name) => /:(token|float)$/.test(name))) {
      Object.assign(shape, { value: 'RecBole .inter', why: 'header with types, as user_id:token' });
    }
    // A header that names no role (column numbers) leaves the shape to tell.
    if (Object.keys(named).length > 0) return;
  }
  const columns = Array.from({ length: Math.min(columnCount, 10) }, (_, k) =>
    records.map((fields) => fields[k]),
  );
  const recognised = recogniseShape({ delimiter, columnCount, columns });
  if (!recognised) return;
  // Where a given column contradicts the shape, the shape is not what the caller sees in the file.
  const agrees = roles.every((role) => {
    const guess = mapping[role];
    return !guess || recognised.roles[role] === undefined || guess.value === recognised.roles[role];
  });
  if (!agrees) return;
  Object.assign(shape, { value: recognised.name, why: recognised.why });
  for (const role of roles) fill(role, recognised.roles[role], `${recognised.name}: ${recognised.why}`);
}

/** A guessed time that many records lack would reject them; a complete order beside it serves better. */
function dropEmptyTime({ names, records }: MappingInput, { mapping, interpretations }: Mapping): void {
  const { time } = mapping;
  if (!time || time.given || records.length === 0) return;
  const empty = records.filter((fields) => (fields[time.value] ?? '').trim() === '').length;
  if (empty / records.length <= 0.02) return;
  delete mapping.time;
  const rank = names.findIndex((name) => /^(rank|order|position|sequence|seq)$/i.test(name));
  const complete = rank >= 0 && records.every((fields) => (fields[rank] ?? '').trim() !== '');
  const name = names[time.value] ?? String(time.value + 1);
  const facts = { rows: records.length, sampled: true };
  const share = `${name} is empty on ${empty} of ${records.length} sampled records`;
  if (complete) {
    mapping.time = { value: rank, why: `${share}; ${names[rank]} is complete`, given: false };
    const text = `${share}: ${names[rank]} is used as the order instead.`;
    interpretations.push(told('time-column', text, facts));
  } else interpretations.push(doubted('time-column', `${share}, so no time is used.`, facts));
}

/** Without a rating column: implicit where nothing else could be one, else a question, or at least a word. */
function settleImplicit(input: MappingInput, result: Mapping): void {
  const { names, columnCount, records } = input;
  const { mapping, interpretations } = result;
  const used = Object.values(mapping).map((guess) => guess.value);
  const free = Array.from({ length: columnCount }, (_, k) => k).filter((k) => !used.includes(k));
  const feedback = free.flatMap((at) => feedbackIn(records, names[at] ?? '', at) ?? []);
  const named = feedback.filter(({ known, name }) => known && namesFeedback(name));
  if (named.length === 1) {
    mapping.rating = { value: named[0].at, why: `${named[0].name} holds words for two values`, given: false };
    return;
  }
  for (const at of free) {
    const words = feedback.find((each) => each.at === at && each.known);
    const values = records.map((fields) => fields[at] ?? '');
    const isNumeric = numericShare(values) >= 0.9 && !/id$/i.test(names[at] ?? '');
    if (!words && !isNumeric) continue;
    const label = `column ${at + 1}${names[at] ? ` (${names[at]})` : ''}`;
    const reads = words ? `: its words (${words.words.join(', ')}) would be read as 1 and 0` : '';
    result.problem = new WorkbenchError(
      'columns-needed',
      `No column is named as a rating, and ${label} could be one${reads}.`,
      `Name it with --rating, or say --implicit. Columns: ${describeColumns(names, columnCount)}.`,
    );
    const column = names[at] || at + 1;
    const otherwise = [
      remedy(`Take ${label} as the rating`, `--rating ${JSON.stringify(column)}`, { rating: column }),
      remedy('Take every record as one interaction', '--implicit', { implicit: true }),
    ];
    const facts = { rows: records.length, sampled: true, otherwise };
    interpretations.push(asked('rating-column', result.problem.message, facts));
    return;
  }
  for (const { at, name, words } of feedback) {
    const column = name || at + 1;
    const text =
      `The ${name ? `column ${name}` : `column ${at + 1}`} looks like feedback (${words.slice(0, 5).join(', ')}) and is not used: ` +
      'every record counts as one interaction.';
    const otherwise = [
      remedy('Say what its words stand for', `--rating ${JSON.stringify(column)}`, { rating: column }),
    ];
    interpretations.push(
      doubted('feedback-unused', text, { rows: records.length, sampled: true, otherwise }),
    );
    break;
  }
  result.implicit = { value: true, why: 'no column could be a rating', given: false };
}

interface Feedback {
  at: number;
  name: string;
  words: string[];
  /** Whether the words are those of a known pair, such as yes and no. */
  known: boolean;
}

/** A column of a few words that are a known pair, are two, or stand under a name that speaks of feedback. */
function feedbackIn(records: readonly string[][], name: string, at: number): Feedback | null {
  const counts = wordsOf(records.map((fields) => fields[at] ?? ''));
  if (counts === null || counts.size === 0 || counts.size > 12 || records.length < 2 * counts.size)
    return null;
  const words = [...counts.keys()];
  const known = knownWords(words) !== null;
  return known || words.length === 2 || namesFeedback(name) ? { at, name, words, known } : null;
}

function columnsNeeded(input: MappingInput, mapping: Mapping['mapping']): WorkbenchError {
  const { names, columnCount } = input;
  const lacking = (['user', 'item'] as const).filter((role) => !mapping[role]).join(' and ');
  const columns = `Columns: ${describeColumns(names, columnCount, input.records[0])}.`;
  const kind = names.length > 0 ? looksLike(names) : null;
  if (kind === 'items' && !mapping.user) {
    return new WorkbenchError(
      'columns-needed',
      'No column of users: this looks like a list of items, not of ratings.',
      `Give it as the second file (--items), or name the columns with --user and --item. ${columns}`,
    );
  }
  if (kind === 'people' && !mapping.item) {
    return new WorkbenchError(
      'columns-needed',
      'No column of items: this looks like a list of people, not of ratings.',
      `Ratings need a user, an item and a rating on each line; otherwise name the columns. ${columns}`,
    );
  }
  return new WorkbenchError(
    'columns-needed',
    `The ${lacking} column cannot be told from the file.`,
    `Name the columns with --user and --item (and --rating, --time). ${columns}`,
  );
}

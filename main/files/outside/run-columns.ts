/** Which columns of a file of lists or predictions are what. */
import { WorkbenchError } from '../../base/errors.ts';
import { columnAt, describeColumns, plainName, rolesOf } from '../sniff/names.ts';
import type { ColumnRef } from '../types.ts';

/** `trec`: qid Q0 docid rank score tag. */
export type RunForm = 'lists' | 'predictions' | 'trec';

export interface AskedColumns {
  readonly user?: ColumnRef | undefined;
  readonly item?: ColumnRef | undefined;
  readonly score?: ColumnRef | undefined;
  readonly rank?: ColumnRef | undefined;
}

/** Positions from 0; −1: the file has none. */
export interface RunColumns {
  readonly user: number;
  readonly item: number;
  readonly score: number;
  readonly rank: number;
}

const known = {
  user: 'qid queryid query'.split(' '),
  item: 'docid docno recommendation recommended recommendeditem recommendeditemid'.split(' '),
  score: (
    'prediction predictions predicted predictedrating predictedscore pred preds est estimate estimated rhat score ' +
    'scores value relevance'
  ).split(' '),
  rank: 'rank place position pos ranking'.split(' '),
};

/** Names that may be those of columns: a first record with one of them is a header. */
export function namesColumns(fields: readonly string[], asked: AskedColumns): boolean {
  const plain = fields.map(plainName);
  const named = Object.values(asked).some(
    (column) => typeof column === 'string' && plain.includes(plainName(column)),
  );
  const { user, item } = rolesOf(fields);
  const others = Object.values(known).some((names) => names.some((name) => plain.includes(name)));
  return named || (user !== undefined && item !== undefined) || ((user ?? item) !== undefined && others);
}

/**
 * @param names header names, empty without a header
 * @param first the first record
 * @throws WorkbenchError `columns-needed`, `unknown-column`, `ambiguous-column`, `not-a-run-file`
 */
export function runColumns(
  form: RunForm,
  names: readonly string[],
  count: number,
  asked: AskedColumns,
  first: readonly string[],
): RunColumns {
  if (form === 'trec') {
    if (count === 6) return { user: 0, item: 2, rank: 3, score: 4 };
    throw new WorkbenchError(
      'not-a-run-file',
      `A TREC run has six fields a line (qid Q0 docid rank score tag); these lines have ${count}.`,
      'Give the file as --lists, or write it in that form.',
    );
  }
  const roles = rolesOf(names);
  const plain = names.map(plainName);
  const find = (role: keyof RunColumns): number => {
    const reference = asked[role];
    if (reference !== undefined) return columnAt(reference, names, count, role);
    const at = role === 'user' || role === 'item' ? roles[role] : undefined;
    if (at !== undefined) return at;
    const orders = role === 'score' && form === 'lists' ? [...known.score, 'rating'] : known[role];
    const name = orders.find((each) => plain.includes(each));
    return name === undefined ? -1 : plain.indexOf(name);
  };
  const columns = { user: find('user'), item: find('item'), score: find('score'), rank: find('rank') };
  const needed = ['user', 'item', ...(form === 'predictions' ? ['score'] : [])] as const;
  const lacking = needed.filter((role) => columns[role as keyof RunColumns] < 0);
  if (lacking.length > 0)
    throw new WorkbenchError(
      'columns-needed',
      `It is not clear which column holds the ${lacking.join(' and the ')}.`,
      `Say it: ${lacking.map((role) => `--${role} COLUMN`).join(' ')}. Columns: ${describeColumns(names, count, first)}.`,
    );
  if (names.length === 0 && columns.score < 0 && columns.rank < 0 && count > 2)
    throw new WorkbenchError(
      'columns-needed',
      'It is not clear which column orders the lists.',
      `Say it: --score COLUMN (higher is better) or --rank COLUMN (1 is best). Columns: ${describeColumns(names, count, first)}.`,
    );
  return columns;
}

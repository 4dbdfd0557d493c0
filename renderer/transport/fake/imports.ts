/** A messy file that the fake engine knows: what inspection and the full check of it say. */
import type { ImportSettings, Inspection, Reject } from '../../../shared/imports.ts';
import type { ImportOutcome } from '../../../shared/imports.ts';
import type { Infer } from './types.ts';

const header = ['user_id', 'item_id', 'rating', 'timestamp'];

export function inspectionOf(settings: ImportSettings): Inspection {
  const delimiter = settings.delimiter ?? ';';
  const rows = Array.from({ length: 100 }, (_, index) => [
    String(196 - (index % 37)),
    String(242 + ((index * 13) % 400)),
    String(1 + ((index * 7) % 5)),
    String(881_250_949 + index * 917),
  ]);
  const wrong = delimiter !== ';';
  const preview = wrong ? rows.map((row) => [row.join(';')]) : rows;
  const names = wrong ? [header.join(';')] : header;
  const missing: string[] = [];
  const user = settings.user ?? (wrong ? undefined : 'user_id');
  const item = settings.item ?? (wrong ? undefined : 'item_id');
  if (user === undefined) missing.push('Choose the column that holds the user.');
  if (item === undefined) missing.push('Choose the column that holds the item.');
  return {
    bytes: 4_200_000,
    format: 'csv',
    shape: wrong ? null : 'MovieLens',
    members: [],
    sheets: [],
    items: null,
    guesses: {
      delimiter: { value: delimiter, why: wrong ? 'as you chose' : '“;” in 300 of 300 sampled lines' },
      encoding: { value: settings.encoding ?? 'utf-8', why: 'every sampled byte is valid UTF-8' },
      quote: { value: settings.quote ?? '"', why: 'no field is quoted; " is the usual one' },
      header: {
        value: settings.header === false ? 'no' : 'yes',
        why: 'the first line has words, the others numbers',
      },
      decimal: { value: settings.decimal ?? '.', why: 'no rating has a comma' },
      timeUnit: { value: settings.timeUnit ?? 's', why: '10-digit numbers from 1997 to 1998' },
      user: { value: 'user_id', why: 'its name, and 943 values in the sample' },
      item: { value: 'item_id', why: 'its name' },
      rating: { value: 'rating', why: 'its name, numbers from 1 to 5' },
      time: { value: 'timestamp', why: 'its name' },
    },
    columns: names.map((name, index) => ({
      name,
      type: wrong ? 'text' : (['text', 'text', 'number', 'time'][index] ?? 'text'),
      samples: preview.slice(0, 4).map((row) => row[index] ?? ''),
    })),
    preview,
    settings: {
      ...(user === undefined ? {} : { user }),
      ...(item === undefined ? {} : { item }),
      ...(wrong ? {} : { rating: 'rating', time: 'timestamp' }),
      delimiter,
      quote: '"',
      encoding: 'utf-8',
      decimal: '.',
      header: true,
      timeUnit: 's',
      implicit: false,
      duplicates: 'last',
      maxRejected: 5,
      ...settings,
    },
    missing,
    interpretations: wrong
      ? [
          {
            code: 'delimiter',
            weight: 'doubted',
            text: 'Every line has one field only; the delimiter may be another.',
            rows: rows.length,
            sampled: true,
            otherwise: [{ title: 'Split at ;', option: '--delimiter ";"', settings: { delimiter: ';' } }],
          },
        ]
      : [],
  };
}

const kinds: [string, string, number, string[], string][] = [
  ['out of scale', 'rating', 187, ['7', '0', '55', '6', '-1'], 'number from 1 to 5'],
  ['not a number', 'rating', 74, ['N/A', 'four', '3,,5', '?', 'five'], 'number'],
  ['empty id', 'item_id', 33, ['', '', '', '', ''], 'text'],
  [
    'bad time',
    'timestamp',
    14,
    ['22.09.1997', '23.09.1997', '24.09.1997', '1.10.1997', '2.10.1997'],
    'seconds since 1970',
  ],
  ['missing column', '', 4, ['3 fields', '3 fields', '2 fields', '3 fields'], '4 fields'],
];

export function outcomeOf(settings: ImportSettings): Infer<typeof ImportOutcome> {
  const reject = settings.duplicates === 'reject';
  const rejects: Reject[] = kinds.flatMap(([kind, column, , found, expected], group) =>
    found.map((text, index) => ({
      line: 1204 + group * 311 + index * 8123,
      kind,
      ...(column ? { column } : {}),
      found: text,
      expected,
      text: `${196 + index};${242 + group};${text};881250949`,
    })),
  );
  const rejectKinds: Record<string, number> = {};
  for (const [kind, , rows] of kinds) rejectKinds[kind] = rows;
  if (reject) rejectKinds['duplicate'] = 1058;
  const rejected = Object.values(rejectKinds).reduce((sum, rows) => sum + rows, 0);
  const duplicates = reject ? 0 : 1058;
  return {
    dataset: null,
    sameAs: null,
    users: 943,
    items: 1682,
    accounting: {
      read: 101_412,
      imported: 101_412 - rejected - duplicates - 42,
      rejected,
      duplicates,
      filtered: 42,
    },
    rejectKinds,
    rejects,
    ratingRange: { minimum: 1, maximum: 5 },
    timeSpan: { first: 874_724_710_000, last: 893_286_638_000 },
    interpretations: [],
    seconds: 0.4,
  };
}

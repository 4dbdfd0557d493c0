/** Which delimiter and quote a file uses, by trying each on sampled lines. */
import { isWrapped, unwrapped } from '../text/unwrap.ts';
import type { Dialect, Guess } from '../types.ts';
import type { SampleArea, SampledRecord } from './sampled-table.ts';
import { sampleRecords } from './sampled-table.ts';

const PER_AREA = 100;

/** In order of preference where two split the sample equally well. */
const delimiters = ['::', '\t', ';', '|', ',', '^', '~', '\x01', '\x1f', ' ', '#'];

export function delimiterName(delimiter: string): string {
  if (delimiter < ' ' && delimiter !== '\t') return `the control character ${delimiter.charCodeAt(0)}`;
  return delimiter === '\t' ? 'tab' : delimiter === ' ' ? 'space' : `'${delimiter}'`;
}

/** How a sheet of a workbook is handed on. */
export const sheetDialect = { delimiter: ',', quote: '"', encoding: 'utf-8' } as const;

export interface DialectGuess {
  delimiter: Guess<string>;
  quote: Guess<string>;
  /** Blanks stand between delimiters and quotes. */
  spaced: boolean;
  /** Each line stands in one pair of quotes. */
  wrapped: boolean;
  /** Fields of most records. */
  columnCount: number;
  /** Sampled records of head, middle and tail; those of the head come first. */
  records: SampledRecord[];
  headRecords: number;
}

interface Trial {
  delimiter: string;
  quote: string;
  spaced: boolean;
  columnCount: number;
  agreeing: number;
  broken: number;
  records: SampledRecord[];
  headRecords: number;
}

/** What is given stands; the rest is the choice under which most sampled records have one number of fields. */
export function guessDialect(sampled: readonly SampleArea[], given: Dialect): DialectGuess {
  const wrapped = given.quote !== '' && sampled.length > 0 && isWrapped(textOf(sampled[0]));
  const areas = wrapped ? sampled.map((area) => ({ ...area, bytes: unwrapped(area.bytes) })) : sampled;
  const candidates = given.delimiter === undefined ? delimiters : [given.delimiter];
  const quotes = given.quote === undefined ? quotesOf(areas) : [given.quote];
  let best: Trial | null = null;
  for (const delimiter of candidates) {
    for (const quote of quotes) {
      const trial = tryDialect(areas, { delimiter, quote, spaced: false });
      if (best === null || score(trial) > score(best)) best = trial;
      if (!spacedQuotes(trial)) continue;
      // Quotes behind a blank are no part of a value where taking them for quotes splits the lines no worse.
      const spaced = tryDialect(areas, { delimiter, quote, spaced: true });
      if (score(spaced) >= score(trial) && score(spaced) >= score(best)) best = spaced;
    }
  }
  const trial = best ?? tryDialect(areas, { delimiter: ',', quote: '"', spaced: false });
  const count = trial.records.length;
  const alone = trial.columnCount === 1;
  const where = `${trial.agreeing} of ${count} sampled lines`;
  return {
    delimiter: {
      value: trial.delimiter,
      why:
        given.delimiter !== undefined
          ? `given; ${trial.columnCount} fields in ${where}`
          : alone
            ? 'no delimiter found'
            : `${delimiterName(trial.delimiter)} in ${where}, ${trial.columnCount} fields each`,
      given: given.delimiter !== undefined,
    },
    quote: {
      value: trial.quote,
      why: given.quote !== undefined ? 'given' : quoteReason(trial),
      given: given.quote !== undefined,
    },
    spaced: trial.spaced,
    wrapped,
    columnCount: trial.columnCount,
    records: trial.records,
    headRecords: trial.headRecords,
  };
}

function quoteReason(trial: Trial): string {
  if (trial.quote === '') return 'fields that begin with quotes do not end with them';
  return trial.broken === 0 ? 'no field breaks its rules' : `${trial.broken} sampled lines break its rules`;
}

const textOf = (area: SampleArea): string => Buffer.from(area.bytes.subarray(0, 1 << 15)).toString('utf8');

/** Whether fields of more than one record begin with a blank and the quote. */
function spacedQuotes({ quote, delimiter, records }: Trial): boolean {
  if (quote === '' || delimiter === ' ') return false;
  const isSpaced = (field: string, k: number): boolean =>
    k > 0 && field.startsWith(' ') && field.trim().startsWith(quote);
  return records.filter(({ fields }) => fields.some(isSpaced)).length > 1;
}

/** Single quotes and none come into question only where the sample speaks for them. */
function quotesOf(areas: readonly SampleArea[]): string[] {
  const text = areas.map(textOf).join('\n');
  const quotes = ['"'];
  const single = (text.match(/(^|[\r\n,;\t|:])'[^'\r\n]*'(?=[\r\n,;\t|:]|$)/g) ?? []).length;
  const apostrophes = (text.match(/'/g) ?? []).length;
  if (single > 10 && single * 2 >= apostrophes * 0.9) quotes.push("'");
  if (text.includes('"')) quotes.push('');
  return quotes;
}

function tryDialect(
  areas: readonly SampleArea[],
  dialect: Pick<Trial, 'delimiter' | 'quote' | 'spaced'>,
): Trial {
  const records: SampledRecord[] = [];
  let headRecords = 0;
  for (const area of areas) {
    records.push(...sampleRecords(area, dialect, PER_AREA));
    if (area.head) headRecords = records.length;
  }
  const counts = new Map<number, number>();
  let broken = 0;
  for (const record of records) {
    if (record.problem) broken++;
    else counts.set(record.fields.length, (counts.get(record.fields.length) ?? 0) + 1);
  }
  let columnCount = 1;
  let agreeing = 0;
  for (const [fields, n] of counts) {
    if (n > agreeing || (n === agreeing && fields > columnCount)) {
      columnCount = fields;
      agreeing = n;
    }
  }
  return { ...dialect, columnCount, agreeing, broken, records, headRecords };
}

/** Share of records with a field that stands between quotes, which are then no part of it. */
function leftQuoted({ records }: Trial): number {
  const isQuoted = (field: string): boolean => /^\s*"[^"]*"\s*$/.test(field);
  const left = records.filter(({ fields }) => fields.some(isQuoted)).length;
  return left * 2 > records.length ? left / records.length : 0;
}

/** Share of agreeing records first, then more fields; a quote that is never used does no harm. */
function score(trial: Trial): number {
  if (trial.columnCount === 1) return trial.quote === '"' ? 0.001 : 0;
  const share = trial.agreeing / Math.max(1, trial.records.length);
  const quoted = trial.quote === '' ? -leftQuoted(trial) : trial.quote === "'" ? 0.02 : 0.01;
  return share + quoted + Math.min(trial.columnCount, 100) * 0.0005;
}

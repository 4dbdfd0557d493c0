/** Looks at samples of a file and settles, for each choice left open, what it is and why. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { remedy, told } from '../interpretations.ts';
import { openSource, shownMembers } from '../source/source.ts';
import type { Source } from '../source/source.ts';
import { guessDecoration, readDecorated } from '../text/decorated.ts';
import type { ColumnSample, ImportOptions, Inspection } from '../types.ts';
import { sheetDialect } from './dialect.ts';
import { boundsOf, columnName, ratingsApart, ratingsLikeIds, swappedColumns, zeroRatings } from './doubts.ts';
import { mapColumns } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import { plainName } from './names.ts';
import { guessNumbers } from './number-format.ts';
import { askPerLine, perLineHint, settlePerLine } from './lines-of-users.ts';
import type { Plan, Sniffed } from './plan.ts';
import { PREVIEW, settled, takeSample } from './take-sample.ts';
import type { Sample } from './take-sample.ts';
import type { SampledRecord } from './sampled-table.ts';
import { settleTimes } from './times.ts';
import { numericShare } from './values.ts';
import {
  askWide,
  doubtsOfMatrix,
  isJester,
  mayBeWide,
  planWide,
  transposed,
  wideHint,
} from './wide-matrices.ts';
import { guessWords } from './word-values.ts';
import type { WordGuess } from './word-values.ts';

/** @throws WorkbenchError where the file cannot be read at all; what only lacks a choice is `inspection.problem` */
export async function sniff(path: string, given: ImportOptions): Promise<Sniffed> {
  const began = performance.now();
  const source = await openSource(path, { member: given.member, sheet: given.sheet });
  const options = source.container === 'xlsx' ? { ...given, ...sheetDialect } : spelledOut(given);
  const sample = await takeSample(source, options);
  const whole = sample.records
    .filter((record) => !record.problem && record.fields.length === sample.columnCount)
    .map((record) => record.fields);
  const { names, columnCount } = sample;
  const draft = { names, records: whole, columnCount, decimal: options.decimal ?? '.' };
  const perLine = settlePerLine(sample, options);
  const jester = options.wide === undefined && perLine === null && isJester(draft);
  const wide = options.wide ?? (jester && options.user === undefined && options.item === undefined);
  const mapped: Mapping =
    wide || options.userPerLine
      ? {
          mapping: {},
          shape: settled(null, ''),
          implicit: perLine?.rated
            ? settled(options.implicit ?? false, 'every item of a line has its rating')
            : settled(options.userPerLine === true, 'every item of a line is an interaction'),
          problem: null,
          interpretations: [],
        }
      : mapColumns({ names, columnCount, delimiter: sample.delimiter.value, records: whole, options });
  const { mapping } = mapped;
  if (jester && wide) mapped.shape = settled('Jester', 'column 1 counts the cells other than 99 of its row');
  const { rating } = mapping;
  const cells = rating ? [] : whole.flatMap((fields) => fields.slice(1));
  const values = rating ? whole.map((fields) => fields[rating.value] ?? '') : wide ? cells : [];
  const numbers = guessNumbers(values, options);
  const ofCells = guessNumbers(cells, options).decimal.value;
  const { decimal, thousands } = numbers;
  const ratingName = rating ? columnName(names, rating.value) : '';
  const decoration = rating && !options.ratingWords ? guessDecoration(values) : null;
  const words =
    rating && !decoration
      ? ratingWordsOf(options, values, ratingName)
      : { words: null, interpretation: null };
  const wideSample = { ...draft, decimal: decimal.value };
  const matrix = wide ? planWide(wideSample, { user: options.user, missing: options.missing }) : null;
  const settledTimes = settleTimes(options, mapped, names, whole, decimal.value);
  const { unit: timeUnit } = settledTimes;
  const interpretations = [
    ...sample.interpretations,
    ...mapped.interpretations,
    ...[numbers.interpretation, words.interpretation].filter((each) => each !== null),
    ...(matrix ? doubtsOfMatrix(wideSample, matrix.plan, options.missing) : []),
    ...(matrix ? transposed(wideSample, matrix.plan) : []),
    ...otherSheets(source, sample, given.sheet),
    ...(decoration ? [decorated(ratingName, values)] : []),
    ...swappedColumns(mapping, whole, names),
    ...(rating ? zeroRatings(values, decimal.value, options) : []),
    ...(rating ? ratingsApart(values, decimal.value, options) : []),
    ...(rating ? ratingsLikeIds(values, decimal.value, ratingName) : []),
  ];
  if (perLine !== null && !options.userPerLine && mapped.problem) {
    const question = askPerLine(sample);
    mapped.problem = new WorkbenchError('columns-needed', question.text, perLineHint);
    interpretations.push(question);
  } else if (!wide && mapped.problem && mayBeWide({ ...draft, decimal: ofCells })) {
    const question = askWide(whole.length);
    mapped.problem = new WorkbenchError('columns-needed', question.text, wideHint);
    interpretations.push(question);
  }
  const used = Object.values(mapping);
  const plan: Plan = {
    source,
    format: sample.format.value,
    encoding: sample.encoding.value,
    delimiter: sample.delimiter.value,
    quote: sample.quote.value,
    spaced: sample.spaced,
    wrapped: sample.wrapped,
    headerLine: sample.headerLine,
    names,
    columnCount,
    leastColumns: Math.max(sample.leastColumns, ...used.map((guess) => guess.value + 1)),
    decimal: decimal.value,
    thousands: thousands.value,
    ratingWords: words.words,
    decoration,
    timeDecimal: settledTimes.decimal,
    timeBounds: boundsOf(timeUnit),
    columns: {
      user: mapping.user?.value ?? -1,
      item: mapping.item?.value ?? -1,
      rating: mapping.rating?.value ?? -1,
      time: mapping.time?.value ?? -1,
    },
    timeUnit: timeUnit.value,
    implicit: mapped.implicit.value,
    wide: matrix?.plan ?? null,
    perLine: options.userPerLine ? perLine : null,
  };
  const inspection: Inspection = {
    path,
    bytes: source.bytes,
    container: source.container,
    members: shownMembers(source.members),
    member: source.member,
    sheets: source.sheets,
    sheet: source.sheet,
    format: sample.format,
    encoding: sample.encoding,
    delimiter: sample.delimiter,
    quote: sample.quote,
    header: sample.header,
    decimal,
    thousands,
    ratingWords: words.words,
    lineEnd: sample.lineEnd,
    shape: mapped.shape,
    mapping,
    timeUnit,
    wide: settled(wide, matrix ? matrix.why : 'one record a rating', options.wide !== undefined),
    perLine: settled(options.userPerLine === true, 'given', options.userPerLine !== undefined),
    missing: settled(
      matrix?.plan.missing ?? null,
      'far outside of the other values',
      options.missing !== undefined,
    ),
    implicit: mapped.implicit,
    columns: describe(sample, whole, mapping),
    columnCount,
    preview: sample.records
      .slice(0, Math.min(PREVIEW, sample.headRecords))
      .map((record) => withProblem(record, sample)),
    estimatedRecords: sample.estimatedRecords,
    problem: problemOf(mapped, interpretations),
    interpretations,
    items: null,
    headerKey: names.map(plainName).join('|'),
    seconds: (performance.now() - began) / 1000,
  };
  return { plan, inspection };
}

/** Sheets of a workbook beside the one that is read. */
function otherSheets(
  { sheets, sheet }: Source,
  { estimatedRecords }: Sample,
  given: string | undefined,
): Interpretation[] {
  if (sheets.length < 2 || given !== undefined) return [];
  const text = `The workbook has ${sheets.length} sheets; ${sheet} is read.`;
  const others = sheets.filter((name) => name !== sheet).slice(0, 5);
  const otherwise = others.map((name) =>
    remedy(`Read ${name}`, `--sheet ${JSON.stringify(name)}`, { sheet: name }),
  );
  return [told('sheet', text, { rows: estimatedRecords, sampled: true, otherwise })];
}

const spellings: Record<string, string> = { '\\t': '\t', tab: '\t', space: ' ', none: '' };

/** Delimiter and quote as characters, where they were given by name. */
function spelledOut(options: ImportOptions): ImportOptions {
  const { delimiter, quote } = options;
  return {
    ...options,
    ...(delimiter === undefined ? {} : { delimiter: spellings[delimiter] || delimiter }),
    ...(quote === undefined ? {} : { quote: spellings[quote] ?? quote }),
  };
}

function withProblem(record: SampledRecord, { columnCount, leastColumns }: Sample): SampledRecord {
  const { length } = record.fields;
  if (record.problem || (length >= leastColumns && length <= columnCount)) return record;
  return { ...record, problem: length < leastColumns ? 'missing column' : 'too many columns' };
}

/** Ratings with something around their numbers. */
function decorated(name: string, values: readonly string[]): Interpretation {
  const example = values.find((value) => value.trim() !== '') ?? '';
  const text = `The ratings in ${name} are written like “${example.trim()}”, which is read as ${readDecorated(example)?.value}.`;
  return told('decorated', text, { rows: values.length, sampled: true });
}

/** What words of the rating column are worth: as given, or as far as they are known. */
function ratingWordsOf({ ratingWords }: ImportOptions, values: readonly string[], name: string): WordGuess {
  return ratingWords ? { words: ratingWords, interpretation: null } : guessWords(values, name);
}

/** A question that nothing else asks stops the import too. */
function problemOf(mapped: Mapping, interpretations: readonly Interpretation[]): Inspection['problem'] {
  const question = interpretations.find(({ weight }) => weight === 'asked');
  if (mapped.problem) {
    const { code, message, hint } = mapped.problem;
    // A delimiter that leaves one column is why no columns are known.
    if (question?.code === 'delimiter') return { code, message: question.text, hint: optionsIn(question) };
    return { code, message, hint };
  }
  return question ? { code: 'choice-needed', message: question.text, hint: optionsIn(question) } : null;
}

function optionsIn({ otherwise }: Interpretation): string {
  return otherwise.map(({ title, option }) => `${title}: ${option}`).join('; ') || 'Say it with an option.';
}

function describe(sample: Sample, records: readonly string[][], mapping: Mapping['mapping']): ColumnSample[] {
  const shown = Math.min(sample.columnCount, 200);
  return Array.from({ length: shown }, (_, k) => {
    const values = records.map((fields) => fields[k] ?? '');
    const role = (Object.keys(mapping) as (keyof typeof mapping)[]).find(
      (each) => mapping[each]?.value === k,
    );
    return {
      position: k + 1,
      name: sample.names[k] ?? '',
      samples: [...new Set(values)].slice(0, 8),
      numeric: numericShare(values),
      empty: values.filter((value) => value.trim() === '').length / Math.max(1, values.length),
      role: role ?? null,
    };
  });
}

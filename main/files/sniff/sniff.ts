/** Looks at samples of a file and settles, for each choice left open, what it is and why. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { asked, doubted, remedy, told } from '../interpretations.ts';
import { openSource } from '../source/source.ts';
import type { Source } from '../source/source.ts';
import type { ColumnSample, FileFormat, Guess, ImportOptions, Inspection, TimeUnit } from '../types.ts';
import { sampleAreas } from './areas.ts';
import type { Areas } from './areas.ts';
import { guessDialect, sheetDialect } from './dialect.ts';
import { findHeader } from './header.ts';
import { mapColumns } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import { plainName } from './names.ts';
import { planPerLine, recognisePerLine } from './per-line.ts';
import type { PerLinePlan, Plan, Sniffed } from './plan.ts';
import { objectForm, sampleJson, sampleParquet } from './structured.ts';
import { lineEndsOf } from './table.ts';
import type { SampledRecord } from './table.ts';
import { guessDecimal, guessTimeUnit, numericShare, readableTimes } from './values.ts';
import { mayBeWide, isJester, planWide } from './wide.ts';

const PREVIEW = 100;

/** A sample in one form, whatever the file's format. */
interface Sample {
  format: Guess<FileFormat>;
  encoding: Guess<string>;
  delimiter: Guess<string>;
  quote: Guess<string>;
  header: Guess<boolean>;
  /** Line that the header begins on; 0: none. */
  headerLine: number;
  /** Records above the header. */
  preamble: number;
  lineEnd: Inspection['lineEnd'];
  names: string[];
  columnCount: number;
  /** Header left out. */
  records: SampledRecord[];
  headRecords: number;
  estimatedRecords: number;
  interpretations?: Interpretation[];
}

const settled = <T>(value: T, why: string, given = false): Guess<T> => ({ value, why, given });

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
          implicit: settled(options.userPerLine === true, 'every item of a line is an interaction'),
          problem: null,
          interpretations: [],
        }
      : mapColumns({ names, columnCount, delimiter: sample.delimiter.value, records: whole, options });
  const { mapping } = mapped;
  const values = mapping.rating ? whole.map((fields) => fields[mapping.rating?.value ?? 0]) : whole.flat();
  const decimal = options.decimal
    ? settled(options.decimal, 'given', true)
    : guessDecimal(values, sample.delimiter.value);
  const wideSample = { ...draft, decimal: decimal.value };
  const matrix = wide ? planWide(wideSample, { user: options.user, missing: options.missing }) : null;
  if (perLine !== null && !options.userPerLine && mapped.problem) {
    askPerLine(mapped, sample);
  } else if (!wide && mapped.problem && mayBeWide(wideSample)) {
    mapped.problem = new WorkbenchError(
      'columns-needed',
      'This looks like a matrix with one row a user and one column an item.',
      'Import it with --wide (and --missing for the value that stands for "not rated"), or name its columns.',
    );
  }
  if (jester && wide) mapped.shape = settled('Jester', 'column 1 counts the cells other than 99 of its row');
  const zeros = mapping.rating ? values.filter((value) => value.trim() === '0').length : 0;
  if (mapped.shape.value === 'Book-Crossing ratings' && zeros > 0 && options.missingRating === undefined) {
    const text = `In Book-Crossing files 0 stands for a book without a rating: ${zeros} of ${values.length} sampled ones.`;
    mapped.interpretations.push(
      doubted('zero-ratings', text, {
        rows: zeros,
        sampled: true,
        otherwise: [remedy('Leave out 0 as missing', '--missing-rating 0', { missingRating: '0' })],
      }),
    );
  }
  mapped.interpretations.push(...(sample.interpretations ?? []));
  if (source.sheets.length > 1 && given.sheet === undefined) {
    const text = `The workbook has ${source.sheets.length} sheets; ${source.sheet} is read.`;
    const others = source.sheets.filter((name) => name !== source.sheet).slice(0, 5);
    const otherwise = others.map((sheet) =>
      remedy(`Read ${sheet}`, `--sheet ${JSON.stringify(sheet)}`, { sheet }),
    );
    mapped.interpretations.push(
      told('sheet', text, { rows: sample.estimatedRecords, sampled: true, otherwise }),
    );
  }
  if (sample.preamble > 0) {
    const above = sample.preamble === 1 ? 'record above it is' : `${sample.preamble} records above it are`;
    const text = `The header is on line ${sample.headerLine}; the ${above} left out.`;
    mapped.interpretations.push(told('header', text, { rows: sample.preamble }));
  }
  const timeUnit = settleTimeUnit(options, mapped, names, whole, decimal.value);
  const plan: Plan = {
    source,
    format: sample.format.value,
    encoding: sample.encoding.value,
    delimiter: sample.delimiter.value,
    quote: sample.quote.value,
    headerLine: sample.headerLine,
    names,
    columnCount,
    decimal: decimal.value,
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
  const { problem } = mapped;
  const inspection: Inspection = {
    path,
    bytes: source.bytes,
    container: source.container,
    members: source.members,
    member: source.member,
    sheets: source.sheets,
    sheet: source.sheet,
    format: sample.format,
    encoding: sample.encoding,
    delimiter: sample.delimiter,
    quote: sample.quote,
    header: sample.header,
    decimal,
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
      .map((record) => withProblem(record, columnCount)),
    estimatedRecords: sample.estimatedRecords,
    problem: problem && { code: problem.code, message: problem.message, hint: problem.hint },
    interpretations: mapped.interpretations,
    items: null,
    headerKey: names.map(plainName).join('|'),
    seconds: (performance.now() - began) / 1000,
  };
  return { plan, inspection };
}

/** How the lines are made of a file that has, or looks as if it had, one user each. */
function settlePerLine({ format, records }: Sample, options: ImportOptions): PerLinePlan | null {
  if (options.userPerLine) return planPerLine(records);
  const told = options.user !== undefined || options.item !== undefined || options.wide !== undefined;
  return told || format.value !== 'text' ? null : recognisePerLine(records);
}

function askPerLine(mapped: Mapping, { records, estimatedRecords }: Sample): void {
  const [first] = records;
  const text = `This looks like one user a line: a user, then a list of items (${first.fields.slice(0, 4).join(', ')} …).`;
  const option = '--user-per-line';
  const hint = `Import it with ${option}, or name its columns with --user and --item.`;
  mapped.problem = new WorkbenchError('columns-needed', text, hint);
  const otherwise = [remedy('Read as one user a line', option, { userPerLine: true })];
  mapped.interpretations.push(
    asked('user-per-line', text, { rows: estimatedRecords, sampled: true, otherwise }),
  );
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

function withProblem(record: SampledRecord, columnCount: number): SampledRecord {
  if (record.problem || record.fields.length === columnCount) return record;
  return { ...record, problem: record.fields.length < columnCount ? 'missing column' : 'too many columns' };
}

async function takeSample(source: Source, options: ImportOptions): Promise<Sample> {
  if (source.container === 'parquet') {
    const { names, records, total } = await sampleParquet(source.path);
    return structured('parquet', 'PAR1 at the start', names, records, total ?? records.length);
  }
  const areas = await sampleAreas(source, options.encoding);
  const head = areas.areas[0].bytes;
  if (head.length === 0) {
    throw new WorkbenchError('empty-file', 'The file is empty.', 'Choose a file with ratings in it.');
  }
  const format = options.format ? settled(options.format, 'given', true) : guessFormat(head);
  if (format.value === 'json' || format.value === 'jsonl') {
    const { names, records, interpretations } = sampleJson(areas.areas, format.value);
    const perRecord = head.length / Math.max(1, records.length);
    const estimate = areas.areas[0].tail ? records.length : Math.round(areas.textBytes / perRecord);
    const sample = structured(format.value, format.why, names, records, estimate);
    return { ...sample, encoding: areas.encoding, interpretations };
  }
  if (format.value === 'parquet') {
    throw new WorkbenchError(
      'damaged-file',
      'The file is no Parquet file.',
      'Leave the format to be detected.',
    );
  }
  if (format.value === 'netflix') return netflixSample(areas, format);
  return textSample(areas, format, options);
}

export function guessFormat(head: Uint8Array): Guess<FileFormat> {
  const text = Buffer.from(head.subarray(0, 4096)).toString('utf8').trimStart();
  if (/^\d+:\s*[\r\n]+\d+,\d/.test(text))
    return settled('netflix', 'blocks that begin with the number of a film and a colon');
  if (/^\{\s*([uUrRbB]?['"]|\})/.test(text)) return objectForm(head);
  if (/^\[\s*[[{\]]/.test(text)) return settled('json', 'an array at the start');
  return settled('text', 'lines of text');
}

function structured(
  format: FileFormat,
  why: string,
  names: string[],
  records: SampledRecord[],
  estimatedRecords: number,
): Sample {
  const none = settled('', 'not a delimited file');
  return {
    format: settled(format, why),
    encoding: settled('utf-8', format === 'parquet' ? 'Parquet text' : 'JSON'),
    delimiter: none,
    quote: none,
    header: settled(false, 'fields bear their names'),
    headerLine: 0,
    preamble: 0,
    lineEnd: settled('lf', ''),
    names: names.some((name) => name !== '') ? names : [],
    columnCount: names.length,
    records,
    headRecords: records.length,
    estimatedRecords,
  };
}

function netflixSample(areas: Areas, format: Guess<FileFormat>): Sample {
  const text = Buffer.from(areas.areas[0].bytes).toString('utf8');
  let film = '';
  const records: SampledRecord[] = [];
  for (const [k, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (records.length >= PREVIEW) break;
    if (/^\d+:\s*$/.test(line)) film = line.trim().slice(0, -1);
    else if (line !== '') records.push({ line: k + 1, fields: [film, ...line.split(',')] });
  }
  const estimate = Math.round(areas.textBytes / 22);
  const sample = structured(
    'netflix',
    format.why,
    ['movieId', 'userId', 'rating', 'date'],
    records,
    estimate,
  );
  return { ...sample, encoding: areas.encoding };
}

/** Different control characters in a file's head from which on it is not text. */
const manyControls = 8;

/** @throws WorkbenchError where the head is that of a program, a picture, an archive inside an archive … */
export function assertText(head: Uint8Array): void {
  const controls = new Set(head.subarray(0, 4096).filter((c) => c < 32 && (c < 9 || c > 13)));
  const tar = Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
  if (controls.size < manyControls && !tar) return;
  throw new WorkbenchError(
    'not-text',
    tar ? 'The file is a tar archive.' : 'The file is not text.',
    'Choose a file of ratings: delimited text, JSON or Parquet, plain or in a zip or gzip; unpack other archives first.',
  );
}

function textSample(areas: Areas, format: Guess<FileFormat>, options: ImportOptions): Sample {
  assertText(areas.areas[0].bytes);
  const dialect = guessDialect(areas.areas, options);
  const { columnCount } = dialect;
  const header = findHeader(
    dialect.records.slice(0, dialect.headRecords),
    columnCount,
    options.header ?? (options.userPerLine ? false : undefined),
    [options.user, options.item, options.rating, options.time].filter(
      (column) => typeof column === 'string' && !/^\d+$/.test(column),
    ) as string[],
  );
  const { names, index } = header;
  const lines = lineEndsOf(areas.areas);
  const estimate = estimateRecords(areas, dialect.records, dialect.headRecords);
  return {
    format,
    encoding: areas.encoding,
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    header: header.guess,
    headerLine: index < 0 ? 0 : dialect.records[index].line,
    preamble: Math.max(index, 0),
    lineEnd: settled(lines.value, lines.why),
    names,
    columnCount: index < 0 ? columnCount : Math.max(names.length, 1),
    records: dialect.records.slice(index + 1),
    headRecords: dialect.headRecords - index - 1,
    estimatedRecords: estimate,
  };
}

function estimateRecords(areas: Areas, records: readonly SampledRecord[], headRecords: number): number {
  const bytes = records
    .slice(0, headRecords)
    .reduce((sum, record) => sum + record.fields.reduce((size, field) => size + field.length + 1, 0), 0);
  return headRecords === 0 ? 0 : Math.round((areas.textBytes * headRecords) / Math.max(1, bytes));
}

/** A guessed time column whose values are none in any form is not one. */
function settleTimeUnit(
  options: ImportOptions,
  { mapping, interpretations }: Mapping,
  names: readonly string[],
  records: readonly string[][],
  decimal: '.' | ',',
): Guess<TimeUnit | null> {
  if (options.timeUnit) return settled(options.timeUnit, 'given', true);
  const { time } = mapping;
  if (!time) return settled(null, 'no time column');
  const values = records.map((fields) => fields[time.value] ?? '');
  const name = names[time.value] ?? '';
  const unit = guessTimeUnit(values, name);
  if (time.given || readableTimes(values, unit.value, decimal) > 0.5) return unit;
  delete mapping.time;
  const example = values.find((value) => value.trim() !== '') ?? '';
  const why = `${name || `column ${time.value + 1}`} holds no times that can be read (as ${example})`;
  const facts = { rows: values.length, sampled: true };
  interpretations.push(doubted('time-column', `${why}, so no time is used.`, facts));
  return settled(null, why);
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

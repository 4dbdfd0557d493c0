/** Takes a sample of a file: its first records as text, whatever the format, and how they were split. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { asked, doubted, remedy, told } from '../interpretations.ts';
import type { Source } from '../source/source.ts';
import type { FileFormat, Guess, ImportOptions, Inspection } from '../types.ts';
import { sampleAreas } from './areas.ts';
import type { Areas } from './areas.ts';
import { leadingComments, withoutComments } from './comments.ts';
import { delimiterName, guessDialect } from './dialect.ts';
import type { DialectGuess } from './dialect.ts';
import { rolesOf } from './names.ts';
import { findHeader } from './header.ts';
import type { Header } from './header.ts';
import { objectForm, sampleJson, sampleParquet } from './structured.ts';
import { lineEndsOf } from './sampled-table.ts';
import type { SampleArea, SampledRecord } from './sampled-table.ts';

/** Whether the first line of one user each names its columns. */
const namesUser = (first: SampledRecord | undefined): boolean =>
  first !== undefined && rolesOf(first.fields.slice(0, 1)).user === 0;

export const PREVIEW = 100;

/** A sample in one form, whatever the file's format. */
export interface Sample {
  format: Guess<FileFormat>;
  encoding: Guess<string>;
  delimiter: Guess<string>;
  quote: Guess<string>;
  spaced: boolean;
  wrapped: boolean;
  header: Guess<boolean>;
  /** Line that the header begins on; 0: none. */
  headerLine: number;
  lineEnd: Inspection['lineEnd'];
  names: string[];
  columnCount: number;
  leastColumns: number;
  /** Header left out. */
  records: SampledRecord[];
  headRecords: number;
  estimatedRecords: number;
  interpretations: Interpretation[];
}

export const settled = <T>(value: T, why: string, given = false): Guess<T> => ({ value, why, given });

export async function takeSample(source: Source, options: ImportOptions): Promise<Sample> {
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
    return {
      ...structured(format.value, format.why, names, records, estimate),
      encoding: areas.encoding,
      interpretations: [...encodingDoubt(areas.encoding), ...interpretations],
    };
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
    spaced: false,
    wrapped: false,
    header: settled(false, 'fields bear their names'),
    headerLine: 0,
    lineEnd: settled('lf', ''),
    names: names.some((name) => name !== '') ? names : [],
    columnCount: names.length,
    leastColumns: names.length,
    records,
    headRecords: records.length,
    estimatedRecords,
    interpretations: [],
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
  const comments = leadingComments(areas.areas[0].bytes);
  const bare = withoutComments(areas.areas, comments);
  const dialect = guessDialect(bare, options);
  for (const record of dialect.records.slice(0, dialect.headRecords)) record.line += comments.lines;
  const { columnCount } = dialect;
  const header = findHeader(
    dialect.records.slice(0, dialect.headRecords),
    columnCount,
    options.header ?? (options.userPerLine ? namesUser(dialect.records[0]) : undefined),
    [options.user, options.item, options.rating, options.time].filter(
      (column) => typeof column === 'string' && !/^\d+$/.test(column),
    ) as string[],
    options.wide,
  );
  const { index, named } = header;
  const names = index < 0 && comments.names.length > 0 ? comments.names.slice(0, columnCount) : header.names;
  const lines = lineEndsOf(areas.areas);
  const estimate = estimateRecords(areas, dialect.records, dialect.headRecords);
  return {
    format,
    encoding: areas.encoding,
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    spaced: dialect.spaced,
    wrapped: dialect.wrapped,
    header: header.guess,
    headerLine: index < 0 ? comments.lines : dialect.records[index].line,
    lineEnd: settled(lines.value, lines.why),
    names,
    columnCount: index < 0 ? columnCount : Math.max(names.length, 1),
    leastColumns: Math.max(index < 0 ? columnCount : Math.min(named, names.length), 1),
    records: dialect.records.slice(index + 1),
    headRecords: dialect.headRecords - index - 1,
    estimatedRecords: estimate,
    interpretations: [
      ...encodingDoubt(areas.encoding),
      ...comments.interpretations,
      ...ofText(dialect, header, otherDelimiter(bare, dialect)),
    ],
  };
}

/** Text in a legacy encoding, of which the file itself says nothing. */
function encodingDoubt({ legacy }: Areas['encoding']): Interpretation[] {
  if (!legacy) return [];
  const { encoding, confidence, lines, example, others } = legacy;
  const text = `The text is not UTF-8 and names no encoding: it is read as ${encoding}, as in ${example}.`;
  const otherwise = others.map((name) => remedy(`Read as ${name}`, `--encoding ${name}`, { encoding: name }));
  const weigh = confidence < 50 ? doubted : told;
  return [weigh('encoding', text, { rows: lines, sampled: true, otherwise })];
}

/** How the text was split, where it could be split otherwise. */
function ofText(dialect: DialectGuess, header: Header, other: Interpretation | null): Interpretation[] {
  const list: Interpretation[] = [];
  const facts = { rows: dialect.records.length, sampled: true };
  const plain = [remedy('Take quotes as they stand', '--quote none', { quote: '' })];
  if (dialect.wrapped) {
    const text =
      'Each line stands in one pair of quotes: the pair is left out, and what is inside is the line.';
    list.push(told('wrapped-lines', text, { ...facts, otherwise: plain }));
  }
  if (dialect.spaced) {
    const text = 'Quotes that follow a delimiter and a space are taken for quotes around the field.';
    list.push(told('spaced-quotes', text, { ...facts, otherwise: plain }));
  }
  if (header.index > 0) {
    const above = header.index === 1 ? 'record above it is' : `${header.index} records above it are`;
    const text = `The header is on line ${dialect.records[header.index].line}; the ${above} left out.`;
    list.push(told('header', text, { rows: header.index }));
  } else if (header.named < header.names.length) {
    const text =
      `The header names ${header.named} columns and most records have ${header.names.length}: ` +
      'the names belong to the first columns, and the later columns have none.';
    list.push(doubted('narrow-header', text, facts));
  }
  if (other !== null) list.push(other);
  return list;
}

/** A given delimiter that leaves one column, where another would part the lines. */
function otherDelimiter(areas: readonly SampleArea[], dialect: DialectGuess): Interpretation | null {
  if (dialect.columnCount > 1 || !dialect.delimiter.given) return null;
  const other = guessDialect(areas, {});
  if (other.columnCount === 1) return null;
  const { value } = other.delimiter;
  const text = `The delimiter ${delimiterName(dialect.delimiter.value)} leaves one column; ${other.delimiter.why}.`;
  const written = value === '\t' ? '\\t' : value;
  const otherwise = [
    remedy(`Split at ${delimiterName(value)}`, `--delimiter "${written}"`, { delimiter: value }),
  ];
  return asked('delimiter', text, { rows: dialect.records.length, sampled: true, otherwise });
}

function estimateRecords(areas: Areas, records: readonly SampledRecord[], headRecords: number): number {
  const bytes = records
    .slice(0, headRecords)
    .reduce((sum, record) => sum + record.fields.reduce((size, field) => size + field.length + 1, 0), 0);
  return headRecords === 0 ? 0 : Math.round((areas.textBytes * headRecords) / Math.max(1, bytes));
}

/** The form's text as values: numbers, lists and ranges of numbers, seeds. */
import type { ParameterSchema } from '../../shared/config.ts';
import { isRange, type Choice, type Range } from './sweep.ts';

export type FieldResult = { choice: Choice; error: null } | { choice: null; error: string };

const wrong = (error: string): FieldResult => ({ choice: null, error });
const numberOf = (text: string) => (text === '' ? NaN : Number(text.replace('−', '-')));

/** One value; where numbers are asked for also several separated by commas, or a range as in `0.001..0.1 log`. */
export function readField(schema: ParameterSchema, text: string): FieldResult {
  const plain = text.trim();
  if (plain === 'auto' && schema.auto !== undefined) return { choice: [plain], error: null };
  if (schema.type === 'boolean') return { choice: [plain === 'true'], error: null };
  if (schema.type === 'choice') return { choice: [plain], error: null };
  if (schema.type === 'integers') {
    const good = /^\d+(\s*,\s*\d+)*$/.test(plain);
    return good
      ? { choice: [plain.replace(/\s+/g, '')], error: null }
      : wrong('Sizes separated by commas, as in 64,32,16');
  }
  const range = /^(\S+?)\s*(?:\.\.\.?|…|–|\s-\s|\bto\b)\s*(\S+?)(?:\s+(lin|log))?$/.exec(plain);
  if (range) return readRange(schema, range[1] ?? '', range[2] ?? '', range[3]);
  const parts = plain.split(/[,;\s]+/).filter(Boolean);
  if (parts.length === 0) return wrong('A value, a list as in 16, 32, or a range as in 16..64');
  const problem = parts.map((part) => problemOf(schema, part)).find((one) => one !== null);
  if (problem) return wrong(problem);
  return { choice: [...new Set(parts.map(numberOf))], error: null };
}

function readRange(
  schema: ParameterSchema,
  low: string,
  high: string,
  scale: string | undefined,
): FieldResult {
  const problem = problemOf(schema, low) ?? problemOf(schema, high);
  if (problem) return wrong(problem);
  const [from, to] = [numberOf(low), numberOf(high)];
  if (from >= to) return wrong(`Found ${low} to ${high}, expected the smaller end first`);
  if (scale === 'log' && from <= 0) return wrong('A log range starts above 0: write lin, or another start');
  const log = from > 0 && (scale ?? schema.scale) === 'log';
  return { choice: { from, to, log, integer: schema.type === 'integer' }, error: null };
}

/** What is wrong with one number, or null. */
function problemOf(schema: ParameterSchema, part: string): string | null {
  const number = numberOf(part);
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (!Number.isFinite(number) || (schema.type === 'integer' && !Number.isInteger(number)))
    return `Found ${part}, expected a ${schema.type === 'integer' ? 'whole ' : ''}number`;
  return number < minimum || number > maximum ? `Found ${part}, expected ${rangeText(schema)}` : null;
}

/** A range as its field shows it. */
export function rangeAsText({ from, to, log }: Range): string {
  return `${from}..${to} ${log ? 'log' : 'lin'}`;
}

/** The field varies: it has several values or a range. */
export function varies(choice: Choice | null | undefined): boolean {
  return choice !== null && choice !== undefined && (isRange(choice) || choice.length > 1);
}

/** "from 1 to 512", "at least 0" */
export function rangeText(schema: ParameterSchema): string {
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return maximum === undefined ? 'any number' : `at most ${maximum}`;
}

/** Seeds as whole numbers from 0, or what is wrong with them. */
export function readSeeds(text: string): { seeds: number[]; error: string | null } {
  const parts = text.split(/[,;\s]+/).filter(Boolean);
  const seeds = [...new Set(parts.map(Number))];
  if (seeds.length === 0) return { seeds: [], error: 'At least one seed, as in 1, 2, 3' };
  const bad = parts.find((part) => !/^\d{1,10}$/.test(part) || Number(part) > 4_294_967_295);
  if (bad !== undefined) return { seeds: [], error: `Found ${bad}, expected a whole number from 0` };
  return { seeds, error: null };
}

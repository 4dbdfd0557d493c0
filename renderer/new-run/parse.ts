/** The form's text as values: numbers, choices, seeds. */
import type { ParameterSchema, ParameterValue } from '../../shared/config.ts';

export type FieldResult = { value: ParameterValue; error: null } | { value: null; error: string };

const wrong = (error: string): FieldResult => ({ value: null, error });
const numberOf = (text: string) => (text === '' ? NaN : Number(text.replace('−', '-')));

/** One value. Several are a sweep's. */
export function readField(schema: ParameterSchema, text: string): FieldResult {
  const plain = text.trim();
  if (plain === 'auto' && schema.auto !== undefined) return { value: plain, error: null };
  if (schema.type === 'boolean') return { value: plain === 'true', error: null };
  if (schema.type === 'choice') return { value: plain, error: null };
  if (schema.type === 'integers') {
    const good = /^\d+(\s*,\s*\d+)*$/.test(plain);
    return good
      ? { value: plain.replace(/\s+/g, ''), error: null }
      : wrong('Sizes separated by commas, as in 64,32,16');
  }
  if (areSeveral(schema, plain)) return wrong(`Found ${plain}, expected one value: a sweep tries several`);
  const number = numberOf(plain);
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (!Number.isFinite(number) || (schema.type === 'integer' && !Number.isInteger(number)))
    return wrong(
      `Found ${plain || 'nothing'}, expected a ${schema.type === 'integer' ? 'whole ' : ''}number`,
    );
  return number < minimum || number > maximum
    ? wrong(`Found ${plain}, expected ${rangeText(schema)}`)
    : { value: number, error: null };
}

/** A list as in `16, 32` or a range as in `0.001..0.1`, where one number is asked for. */
export function areSeveral({ type }: ParameterSchema, text: string): boolean {
  if (type !== 'number' && type !== 'integer') return false;
  return /\.\.|…/.test(text) || text.trim().split(/[,;\s]+/).length > 1;
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

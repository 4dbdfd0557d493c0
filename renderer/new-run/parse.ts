/** The form's text as values: numbers, lists of numbers, seeds; and the trials they make. */
import type { ParameterSchema, Parameters, ParameterValue } from '../../shared/config.ts';

export type FieldResult = { values: ParameterValue[]; error: null } | { values: null; error: string };

/** One value, or several separated by commas where numbers are asked for. */
export function readField(schema: ParameterSchema, text: string): FieldResult {
  const plain = text.trim();
  if (schema.type === 'boolean') return { values: [plain === 'true'], error: null };
  if (schema.type === 'choice') return { values: [plain], error: null };
  if (schema.type === 'integers') {
    const good = /^\d+(\s*,\s*\d+)*$/.test(plain);
    return good
      ? { values: [plain.replace(/\s+/g, '')], error: null }
      : { values: null, error: 'Sizes separated by commas, as in 64,32,16' };
  }
  const parts = plain.split(/[,;\s]+/).filter(Boolean);
  if (parts.length === 0) return { values: null, error: `A value, or several separated by commas` };
  const values: number[] = [];
  for (const part of parts) {
    const number = Number(part.replace('−', '-'));
    const { minimum = -Infinity, maximum = Infinity } = schema;
    if (!Number.isFinite(number) || (schema.type === 'integer' && !Number.isInteger(number))) {
      return {
        values: null,
        error: `Found ${part}, expected a ${schema.type === 'integer' ? 'whole ' : ''}number`,
      };
    }
    if (number < minimum || number > maximum) {
      return { values: null, error: `Found ${part}, expected ${rangeText(schema)}` };
    }
    values.push(number);
  }
  return { values: [...new Set(values)], error: null };
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

/** Every combination of the listed values: the grid of a sweep, one trial where each list has one value. */
export function trialsOf(values: Record<string, ParameterValue[]>): Parameters[] {
  let trials: Parameters[] = [{}];
  for (const [name, list] of Object.entries(values)) {
    trials = trials.flatMap((trial) => list.map((value) => ({ ...trial, [name]: value })));
  }
  return trials;
}

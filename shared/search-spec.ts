/** What a person writes of a hyper-parameter that a search varies, and what its model says of it. */
import type { ParameterSchema, ParameterValue } from './config.ts';
import type { Dimension, NumberDimension } from './search.ts';

/** What was wrong with a SPEC. */
export class SpecError extends Error {}

/**
 * A dimension of `a,b,c` (values), `lo..hi`, `log:lo..hi` or `int:lo..hi`. A parameter of whole numbers has whole ones
 * anyway. Layer sizes are written with dashes: `64-32-16,32-16`.
 * @throws SpecError
 */
export function parseSpec(schema: ParameterSchema, text: string): Dimension {
  const { name } = schema;
  const range = /^((?:log:|int:)*)\s*([^.\s]\S*?|\.\S+?)\s*\.\.\s*(\S+)$/.exec(text.trim());
  if (range) return rangeOf(schema, range[1], range[2], range[3]);
  const values = text.split(',').map((part) => valueOf(schema, part.trim()));
  if (new Set(values).size < values.length) throw new SpecError(`${name}: a value stands twice in ${text}.`);
  return { kind: 'choice', name, values };
}

function rangeOf(schema: ParameterSchema, flags: string, from: string, to: string): NumberDimension {
  const { name, type, minimum, maximum } = schema;
  if (type !== 'number' && type !== 'integer')
    throw new SpecError(`${name} has no range: list its values, as in ${name}=${examples(schema)}.`);
  const [low, high] = [from, to].map(Number);
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new SpecError(`${name}: ${from}..${to} is no range of numbers, such as 0.001..0.1.`);
  if (low >= high) throw new SpecError(`${name}: the low end ${from} must be below the high one ${to}.`);
  const scale = flags.includes('log:') ? 'log' : 'linear';
  if (scale === 'log' && low <= 0)
    throw new SpecError(`${name}: a log scale begins above 0, not at ${from}.`);
  const integer = type === 'integer' || flags.includes('int:');
  if (integer && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    throw new SpecError(`${name}: the ends of a range of whole numbers are whole numbers.`);
  for (const end of [low, high])
    if ((minimum !== undefined && end < minimum) || (maximum !== undefined && end > maximum))
      throw new SpecError(`${name}: ${end} is outside of ${minimum ?? '−∞'} to ${maximum ?? '∞'}.`);
  return { kind: 'number', name, low, high, scale, integer };
}

function valueOf(schema: ParameterSchema, text: string): ParameterValue {
  const { name, type, choices = [], minimum, maximum } = schema;
  if (text === '') throw new SpecError(`${name}: a value is missing.`);
  switch (type) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new SpecError(`${name} is true or false, not ${text}.`);
      return text === 'true';
    case 'choice':
      if (choices.some(({ value }) => value === text)) return text;
      throw new SpecError(
        `${name} has no choice ${text}: it is one of ${choices.map(({ value }) => value).join(', ')}.`,
      );
    case 'integers':
      if (!/^\d+(-\d+)*$/.test(text))
        throw new SpecError(`${name}: layers are written with dashes, such as 64-32-16, not ${text}.`);
      return text.replaceAll('-', ',');
    default: {
      const value = Number(text);
      if (!Number.isFinite(value) || (type === 'integer' && !Number.isSafeInteger(value)))
        throw new SpecError(`${name}: ${text} is no ${type === 'integer' ? 'whole ' : ''}number.`);
      if ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum))
        throw new SpecError(`${name}: ${text} is outside of ${minimum ?? '−∞'} to ${maximum ?? '∞'}.`);
      return value;
    }
  }
}

function examples({ type, choices = [] }: ParameterSchema): string {
  if (type === 'boolean') return 'true,false';
  if (type === 'integers') return '64-32-16,32-16';
  return choices.map(({ value }) => value).join(',');
}

/** Where the model itself has a search look for a parameter; null: it keeps its value. */
export function ownDimension({ name, type, search }: ParameterSchema): Dimension | null {
  if (!search) return null;
  const when = search.when && { when: search.when };
  if (search.values) return { kind: 'choice', name, values: search.values, ...when };
  const { low, high, scale = 'linear' } = search;
  if (low === undefined || high === undefined) return null;
  return { kind: 'number', name, low, high, scale, integer: type === 'integer', ...when };
}

/** How a dimension is written. */
export function specOf(dimension: Dimension): string {
  if (dimension.kind === 'choice')
    return dimension.values.map((value) => String(value).replaceAll(',', '-')).join(', ');
  const { low, high, scale } = dimension;
  return `${scale === 'log' ? 'log:' : ''}${short(low)}..${short(high)}`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** Hyper-parameters of a run, checked against the model's schema and completed with its defaults. */
import type { ParameterSchema, ParameterValue, Parameters } from '../../shared/config.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { DataSize, ModelDefinition } from './model.ts';
import { stoppingParameters } from './stopping-parameters.ts';

/** A value that the model's rule turns into a number. */
const AUTO = 'auto';

/** Every parameter of a model: its own, and those that the trainer brings. */
export function schemaOf(
  definition: Pick<ModelDefinition, 'parameters' | 'iterative'>,
): readonly ParameterSchema[] {
  const own = definition.parameters;
  if (!definition.iterative) return own;
  const named = new Set(own.map(({ name }) => name));
  return [...own, ...stoppingParameters.filter(({ name }) => !named.has(name))];
}

/**
 * Checks values and fills in defaults: afterwards every name of the schema has a value of its type. Numbers and
 * booleans may come as text (from a command line).
 * @param data what `auto` becomes a number by; without it `auto` stays what it is
 * @throws WorkbenchError `unknown-parameter` with the nearest name, `invalid-parameter` with what is allowed
 */
export function resolveParameters(
  definition: Pick<ModelDefinition, 'name' | 'parameters' | 'iterative' | 'auto'>,
  given: Parameters,
  data: DataSize | null = null,
): Parameters {
  const schema = schemaOf(definition);
  const known = new Map(schema.map((parameter) => [parameter.name, parameter]));
  for (const name of Object.keys(given))
    if (!known.has(name)) throw unknownParameter(definition.name, name, [...known.keys()]);
  const ruled = data && definition.auto ? definition.auto(data, given) : {};
  return Object.fromEntries(
    schema.map((parameter) => {
      const { name } = parameter;
      const value = Object.hasOwn(given, name) ? given[name] : parameter.default;
      if (value === AUTO && parameter.auto !== undefined) return [name, ruled[name] ?? AUTO];
      return [name, checkValue(parameter, value)];
    }),
  );
}

function unknownParameter(model: string, name: string, names: readonly string[]): WorkbenchError {
  const nearest = nearestName(name, names);
  return new WorkbenchError(
    'unknown-parameter',
    `The model ${model} has no parameter "${name}".`,
    nearest
      ? `Did you mean ${nearest}? It has: ${names.join(', ')}.`
      : `It has: ${names.join(', ') || 'none'}.`,
  );
}

function checkValue(schema: ParameterSchema, given: ParameterValue): ParameterValue {
  const value = typeof given === 'string' ? fromText(schema, given.trim()) : given;
  const problem = problemOf(schema, value);
  if (problem === null) return schema.type === 'integers' ? normalIntegers(String(value)) : value;
  const { name } = schema;
  throw new WorkbenchError('invalid-parameter', `${name} = ${String(given)}: ${problem}.`, allowed(schema));
}

function fromText(schema: ParameterSchema, text: string): ParameterValue {
  if ((schema.type === 'number' || schema.type === 'integer') && text !== '') return Number(text);
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** What is wrong with a value, or null. */
function problemOf(schema: ParameterSchema, value: ParameterValue): string | null {
  switch (schema.type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'it must be true or false';
    case 'choice':
      return schema.choices?.some((choice) => choice.value === value) ? null : 'there is no such choice';
    case 'integers':
      return integersProblem(schema, value);
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'it must be a whole number';
      return rangeProblem(schema, value);
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'it must be a number';
      return rangeProblem(schema, value);
  }
}

function integersProblem(schema: ParameterSchema, value: ParameterValue): string | null {
  const parts = String(value).split(',');
  for (const part of parts) {
    const number = Number(part.trim());
    if (part.trim() === '' || !Number.isSafeInteger(number))
      return 'it must be whole numbers with commas, such as 64,32,16';
    const problem = rangeProblem(schema, number);
    if (problem) return problem;
  }
  return null;
}

function normalIntegers(text: string): string {
  return text
    .split(',')
    .map((part) => String(Number(part.trim())))
    .join(',');
}

function rangeProblem(schema: ParameterSchema, value: number): string | null {
  if (schema.minimum !== undefined && value < schema.minimum) return `it must be at least ${schema.minimum}`;
  if (schema.maximum !== undefined && value > schema.maximum) return `it must be at most ${schema.maximum}`;
  return null;
}

function allowed(schema: ParameterSchema): string {
  const { minimum, maximum } = schema;
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` of at least ${minimum}`
        : maximum !== undefined
          ? ` of at most ${maximum}`
          : '';
  const kinds = {
    boolean: 'true or false',
    choice: `one of ${schema.choices?.map((choice) => choice.value).join(', ') ?? 'none'}`,
    integer: `a whole number${range}`,
    number: `a number${range}`,
    integers: `whole numbers${range}, with commas between them`,
  };
  const or = schema.auto === undefined ? '' : ', or auto';
  return `${schema.title}: ${kinds[schema.type]}${or}; the default is ${String(schema.default)}.`;
}

/** The name with the fewest changed letters, where it is near enough to be meant; else null. */
export function nearestName(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(substituted, previous[j] + 1, row[j - 1] + 1);
    }
    previous = row;
  }
  return previous[b.length];
}

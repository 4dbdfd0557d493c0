/** What each hyper-parameter of a sweep may be, as the form has it. */
import type { ParameterSchema, ParameterValue } from '../../shared/config.ts';
import type { Dimension } from '../../shared/search.ts';
import { ownDimension, parseSpec, SpecError, specOf } from '../../shared/search-spec.ts';
import { sentence } from '../lib/format.ts';
import { readField } from './parse.ts';

export const ways = ['fixed', 'list', 'linear', 'log'] as const;
export type Way = (typeof ways)[number];

/** A row of the form; what belongs to other ways stays as it was typed. */
export interface SpaceRow {
  readonly way: Way;
  readonly value: string;
  /** Values with commas between; layers with dashes. */
  readonly list: string;
  readonly low: string;
  readonly high: string;
}

export type ReadRow =
  | { readonly value: ParameterValue; readonly dimension: null; readonly error: null }
  | { readonly value: null; readonly dimension: Dimension; readonly error: null }
  | { readonly value: null; readonly dimension: null; readonly error: string };

const text = (value: number): string => String(Number(value.toPrecision(6)));

/** What fits the parameter: a range only of numbers. */
export function waysOf({ type, minimum = -Infinity, maximum = Infinity }: ParameterSchema): Way[] {
  if (type !== 'number' && type !== 'integer') return ['fixed', 'list'];
  return maximum > 0 || minimum > 0 ? [...ways] : ['fixed', 'list', 'linear'];
}

/** As the model itself would search, with its default where it would not. */
export function ownRow(schema: ParameterSchema, value = String(schema.default)): SpaceRow {
  const own = ownDimension(schema);
  const list =
    own?.kind === 'choice'
      ? specOf(own)
      : schema.type === 'boolean'
        ? 'false, true'
        : schema.type === 'choice'
          ? (schema.choices ?? []).map((choice) => choice.value).join(', ')
          : value.replaceAll(',', '-');
  const range = own?.kind === 'number' ? own : aroundOf(schema);
  return {
    way: own === null ? 'fixed' : own.kind === 'choice' ? 'list' : own.scale,
    value,
    list,
    low: text(range.low),
    high: text(range.high),
  };
}

/** A first range where the model has none: half to twice the default, inside of what is allowed. */
function aroundOf({ default: usual, type, minimum = 0, maximum = Infinity }: ParameterSchema): {
  low: number;
  high: number;
} {
  const middle = Number(usual) || 1;
  const round = type === 'integer' ? Math.round : (value: number): number => value;
  return {
    low: Math.max(minimum, round(middle / 2)),
    high: Math.min(maximum, round(middle * 2)),
  };
}

/** The row as a SPEC of the contract; null where it is fixed. */
export function rowSpec(row: SpaceRow): string | null {
  if (row.way === 'fixed') return null;
  if (row.way === 'list') return row.list.trim();
  return `${row.way === 'log' ? 'log:' : ''}${row.low.trim()}..${row.high.trim()}`;
}

export function readRow(schema: ParameterSchema, row: SpaceRow): ReadRow {
  const spec = rowSpec(row);
  if (spec === null) {
    const { value, error } = readField(schema, row.value);
    return error === null ? { value, dimension: null, error } : { value: null, dimension: null, error };
  }
  const wrong = (error: string): ReadRow => ({ value: null, dimension: null, error });
  if (row.way !== 'list' && (row.low.trim() === '' || row.high.trim() === ''))
    return wrong('Both ends of the range are needed');
  try {
    const dimension = parseSpec(schema, spec);
    if (row.way === 'list' && dimension.kind !== 'choice')
      return wrong('Values with commas between, as in 16, 32, 64');
    return { value: null, dimension, error: null };
  } catch (thrown) {
    if (!(thrown instanceof SpecError)) throw thrown;
    return wrong(sentence(thrown.message.replace(/^\w+: /, '').replace(/\.$/, '')));
  }
}

/** Combinations of a grid with so many values of each range. */
export function gridSize(space: readonly Dimension[], steps: number): number {
  return space.reduce((size, dimension) => {
    if (dimension.kind === 'choice') return size * dimension.values.length;
    const { low, high, integer } = dimension;
    return size * (integer ? Math.min(steps, high - low + 1) : steps);
  }, 1);
}

/** Equal for a row that the model's own search has, whatever else was typed. */
export function isOwn(schema: ParameterSchema, row: SpaceRow): boolean {
  const own = ownDimension(schema);
  if (own === null || row.way === 'fixed') return own === null && row.way === 'fixed';
  const read = readRow(schema, row).dimension;
  return read !== null && specOf(read) === specOf(own);
}

/**
 * Share of all epochs that a trial is trained on the whole: of ASHA a third goes on at each rung (Li et al. 2020).
 * @param epochs of a whole training
 */
export function trainedShare(epochs: number, withRungs: boolean): number {
  const halvings = withRungs ? Math.min(3, Math.floor(Math.log(epochs) / Math.log(3) + 1e-9)) : 0;
  let share = 0;
  for (let rung = 0; rung <= halvings; rung++) {
    const from = rung === 0 ? 0 : Math.ceil(epochs / 3 ** (halvings - rung + 1) - 1e-9);
    const to = Math.ceil(epochs / 3 ** (halvings - rung) - 1e-9);
    share += (to - from) / epochs / 3 ** rung;
  }
  return share;
}

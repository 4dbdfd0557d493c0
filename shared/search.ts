/** Search for hyper-parameters: what may vary, and how far. */
import * as v from 'valibot';
import { ParameterValue } from './config.ts';
import { figure } from './fields.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const choices = v.pipe(v.array(ParameterValue), v.minLength(1), v.maxLength(100));

/** The dimension is there only in points where an earlier choice has one of these values. */
const Condition = v.object({ name, values: choices });

export const NumberDimension = v.pipe(
  v.object({
    kind: v.literal('number'),
    name,
    low: figure,
    high: figure,
    scale: v.optional(v.picklist(['linear', 'log']), 'linear'),
    integer: v.optional(v.boolean(), false),
    when: v.optional(Condition),
  }),
  v.check(({ low, high }) => low < high, 'The low end must be below the high one.'),
  v.check(({ low, scale }) => scale === 'linear' || low > 0, 'A log scale begins above 0.'),
  v.check(
    ({ low, high, integer }) => !integer || (Number.isSafeInteger(low) && Number.isSafeInteger(high)),
    'The ends of whole numbers are whole numbers.',
  ),
);
export type NumberDimension = v.InferOutput<typeof NumberDimension>;

export const ChoiceDimension = v.object({
  kind: v.literal('choice'),
  name,
  values: v.pipe(
    choices,
    v.check((values) => new Set(values).size === values.length, 'Each value stands once.'),
  ),
  when: v.optional(Condition),
});
export type ChoiceDimension = v.InferOutput<typeof ChoiceDimension>;

export type Dimension = NumberDimension | ChoiceDimension;

/** Dimensions in the order in which they are chosen; conditions look back only. */
export const SearchSpace = v.pipe(
  v.array(v.union([NumberDimension, ChoiceDimension])),
  v.minLength(1),
  v.maxLength(50),
  v.check((space) => new Set(space.map(({ name }) => name)).size === space.length, 'Each name stands once.'),
  v.check(
    (space) =>
      space.every(({ when }, k) => {
        const on = when && space.slice(0, k).find(({ name }) => name === when.name);
        return !when || (on?.kind === 'choice' && when.values.every((value) => on.values.includes(value)));
      }),
    'A condition names an earlier choice and values of it.',
  ),
);
export type SearchSpace = v.InferOutput<typeof SearchSpace>;

export const searchMethods = ['grid', 'random', 'tpe'] as const;
export type SearchMethod = (typeof searchMethods)[number];

/** Every number, text, list and record of the contract has bounds, and they are in force. */
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { events, methods, Request } from '../../../shared/contract.ts';

type Schema = v.GenericSchema & {
  readonly pipe?: readonly { readonly kind: string; readonly type: string; readonly requirement?: unknown }[];
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly key?: Schema;
  readonly value?: Schema;
  readonly items?: readonly Schema[];
  readonly options?: readonly unknown[];
  readonly entries?: Readonly<Record<string, Schema>>;
};

const least = ['min_value', 'gt_value'];
const most = ['max_value', 'lt_value'];

/** What a schema's pipe asks, the pipe inside its pipe too. */
function actionsOf({ pipe = [] }: Schema): string[] {
  return pipe.flatMap((step, k) => (k === 0 && 'pipe' in step ? actionsOf(step as Schema) : [step.type]));
}

/** Places in a schema without a bound, in the order in which they stand. */
function unbounded(given: unknown, place: string): string[] {
  const schema = given as Schema;
  const actions = new Set(actionsOf(schema));
  const has = (types: string[]): boolean => types.some((type) => actions.has(type));
  const missing = (what: string, fine: boolean): string[] => (fine ? [] : [`${place}: ${what}`]);
  switch (schema.type) {
    case 'number':
      return missing('a number without bounds', has(least) && has(most));
    case 'string':
      return missing('a text without a longest length', has(['max_length', 'regex']));
    case 'array':
      return [
        ...missing('a list without a longest length', has(['max_length'])),
        ...unbounded(schema.item, `${place}[]`),
      ];
    case 'record':
      return [
        ...missing('a record without a number of entries', has(['max_entries'])),
        ...unbounded(schema.key, `${place}{key}`),
        ...unbounded(schema.value, `${place}{}`),
      ];
    case 'object':
      return Object.entries(schema.entries ?? {}).flatMap(([key, entry]) =>
        unbounded(entry, `${place}.${key}`),
      );
    case 'tuple':
      return (schema.items ?? []).flatMap((item, k) => unbounded(item, `${place}[${k}]`));
    case 'union':
      return (schema.options ?? []).flatMap((option) => unbounded(option, place));
    case 'optional':
    case 'nullable':
      return unbounded(schema.wrapped, place);
    case 'boolean':
    case 'picklist':
    case 'literal':
    // Bounded as a whole by what a message may be: main/process/limits.ts.
    case 'unknown':
      return [];
    default:
      return [`${place}: this test does not know ${schema.type}`];
  }
}

describe('The contract', () => {
  it('bounds every number, text, list and record that goes in', () => {
    const found = Object.entries(methods).flatMap(([method, [params]]) => unbounded(params, method));
    expect([...found, ...unbounded(Request, 'Request')]).toEqual([]);
  });

  it('bounds every number, text, list and record that comes out', () => {
    const results = Object.entries(methods).flatMap(([method, [, result]]) => unbounded(result, method));
    const told = Object.entries(events).flatMap(([event, payload]) => unbounded(payload, event));
    expect([...results, ...told]).toEqual([]);
  });

  it('is walked by a test that can fail', () => {
    const open = v.object({
      a: v.optional(v.number()),
      b: v.array(v.string()),
      c: v.pipe(v.number(), v.minValue(0)),
    });
    expect(unbounded(open, 'x')).toEqual([
      'x.a: a number without bounds',
      'x.b: a list without a longest length',
      'x.b[]: a text without a longest length',
      'x.c: a number without bounds',
    ]);
  });

  it.each([-1, 0, 1.5, 257, 1e9, Infinity, NaN])('refuses %s threads', (threads) => {
    expect(v.is(methods['settings.set'][0], { settings: { threads } })).toBe(false);
  });

  it.each([0, -1, 0.5, 10_001, 1e300])('refuses a limit of %s users', (limit) => {
    expect(v.is(methods['inspect.users'][0], { dataset: 'd', runs: [], list: 'all', limit })).toBe(false);
  });

  it('refuses a search for a huge text, and a path with a NUL', () => {
    expect(v.is(methods.search[0], { text: 'x'.repeat(50_001) })).toBe(false);
    expect(v.is(methods['storage.backup'][0], { path: '/a\0b' })).toBe(false);
    expect(v.is(methods['storage.backup'][0], { path: '/home/me/a.db' })).toBe(true);
    expect(v.is(methods['storage.backup'][0], { path: 'C:\\me\\a.db' })).toBe(true);
    expect(v.is(methods['storage.backup'][0], { path: 'a.db' })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import type { ParameterSchema } from '../../../shared/config.ts';
import { ownDimension, parseSpec, specOf } from '../../../shared/search-spec.ts';

const schema = (type: ParameterSchema['type'], more: Partial<ParameterSchema> = {}): ParameterSchema => ({
  ...{ name: 'p', title: 'P', type, default: 1, effect: '', group: 'model' as const },
  ...more,
});

describe('a SPEC', () => {
  it('lists values of the type that the parameter has', () => {
    expect(parseSpec(schema('integer'), '8, 16,32')).toEqual({
      kind: 'choice',
      name: 'p',
      values: [8, 16, 32],
    });
    expect(parseSpec(schema('boolean'), 'true,false')).toMatchObject({ values: [true, false] });
    expect(parseSpec(schema('integers'), '64-32-16,32-16')).toMatchObject({ values: ['64,32,16', '32,16'] });
    const choices = [{ value: 'a', title: 'A' }];
    expect(parseSpec(schema('choice', { choices }), 'a')).toMatchObject({ values: ['a'] });
  });

  it('is a range, on a scale', () => {
    const number = { kind: 'number', name: 'p' };
    expect(parseSpec(schema('number'), '0..1')).toEqual({
      ...number,
      low: 0,
      high: 1,
      scale: 'linear',
      integer: false,
    });
    expect(parseSpec(schema('number'), 'log:.001..0.1')).toMatchObject({
      low: 0.001,
      high: 0.1,
      scale: 'log',
    });
    expect(parseSpec(schema('number'), 'int:1..9')).toMatchObject({ low: 1, high: 9, integer: true });
    expect(parseSpec(schema('number'), '-2..1e-3')).toMatchObject({ low: -2, high: 0.001 });
    expect(parseSpec(schema('integer'), 'log:8..128')).toMatchObject({ scale: 'log', integer: true });
  });

  it.each([
    ['1..', 'whole number'],
    ['5..1', 'must be below'],
    ['log:0..1', 'begins above 0'],
    ['1..2.5', 'whole numbers'],
    ['1..2000', 'outside of 1 to 1000'],
    ['1,1', 'stands twice'],
    ['a', 'no whole number'],
    ['', 'a value is missing'],
  ])('%j is refused in words', (text, reason) => {
    expect(() => parseSpec(schema('integer', { minimum: 1, maximum: 1000 }), text)).toThrow(reason);
  });

  it('has no range of choices', () => {
    const choices = [
      { value: 'a', title: 'A' },
      { value: 'b', title: 'B' },
    ];
    expect(() => parseSpec(schema('choice', { choices }), '1..2')).toThrow('p=a,b');
  });

  it('is written as it is read', () => {
    for (const text of ['8, 16', 'log:0.001..0.1', '0..1'])
      expect(specOf(parseSpec(schema('number'), text))).toBe(text);
  });
});

it('a model says where a search looks', () => {
  expect(ownDimension(schema('number'))).toBeNull();
  expect(ownDimension(schema('integer', { search: { low: 1, high: 9, scale: 'log' } }))).toEqual({
    ...{ kind: 'number', name: 'p', low: 1, high: 9, scale: 'log', integer: true },
  });
});

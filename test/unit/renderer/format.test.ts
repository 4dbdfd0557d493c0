import { describe, expect, it } from 'vitest';
import * as format from '../../../renderer/lib/format.ts';

describe('figures as the screens show them', () => {
  it('drop the leading zero of decimals and use a real minus sign', () => {
    expect(format.decimal(0.0834)).toBe('.0834');
    expect(format.decimal(-0.0031)).toBe('−.0031');
    expect(format.decimal(1.041)).toBe('1.0410');
    expect(format.decimal(null)).toBe('–');
    expect(format.decimal(Number.NaN)).toBe('–');
  });
  it('sign differences, but not a difference that rounds to nothing', () => {
    expect(format.signed(0.0063)).toBe('+.0063');
    expect(format.signed(-0.0094)).toBe('−.0094');
    expect(format.signed(-0.00001)).toBe('.0000');
    expect(format.signed(0)).toBe('.0000');
  });
  it('call a share all or nothing only where it is', () => {
    expect(format.percent(1)).toBe('100.0 %');
    expect(format.percent(0)).toBe('0.0 %');
    expect(format.percent(0.999995)).toBe('> 99.9 %');
    expect(format.percent(5 / 908_731, 2)).toBe('< 0.01 %');
    expect(format.percent(0.9996, 0)).toBe('> 99 %');
    expect(format.percent(-0.05)).toBe('−5.0 %');
  });
  it('show bounds of a scale without the noise of 32-bit floats', () => {
    expect(format.plain(-9.949999809265137)).toBe('−9.95');
    expect(format.plain(0.5)).toBe('0.5');
    expect(format.plain(352_698)).toBe('352,698');
    expect(format.plain(8818.4)).toBe('8,818');
  });
  it('group thousands and count in words', () => {
    expect(format.count(1_000_209)).toBe('1,000,209');
    expect(format.plural(1, 'run')).toBe('1 run');
    expect(format.plural(36, 'run')).toBe('36 runs');
    expect(format.axisCount(5000)).toBe('5 k');
    expect(format.axisCount(40_000)).toBe('40 k');
    expect(format.shortCount(1_900_000)).toBe('1.9 M');
  });
  it('say durations as a person does', () => {
    expect(format.duration(0.2)).toBe('< 1 s');
    expect(format.duration(4)).toBe('4 s');
    expect(format.duration(112)).toBe('1 m 52 s');
    expect(format.duration(7500)).toBe('2 h 5 m');
    expect(format.duration(null)).toBe('–');
  });
  it('never show a density of nothing for a matrix that has ratings', () => {
    expect(format.density(0.063)).toBe('6.30 %');
    expect(format.density(0.0000321)).toBe('0.003 %');
    expect(format.density(0)).toBe('0 %');
  });
  it('write intervals, ordinals, lists and field names', () => {
    expect(format.interval([-0.0004, 0.0058])).toBe('[−.0004, .0058]');
    expect([1, 2, 3, 11, 12, 22, 113].map(format.ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '11th',
      '12th',
      '22nd',
      '113th',
    ]);
    expect(format.listing(['a', 'b', 'c'])).toBe('a, b and c');
    expect(format.words('embeddingSize')).toBe('embedding size');
    expect(format.fingerprint('sha256:a41c93e05d17f2b8', 2)).toBe('a41c 93e0');
  });
});

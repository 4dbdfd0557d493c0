import { describe, expect, it } from 'vitest';
import { Company, SideBySide } from '../../../main/engine/runs/side-by-side.ts';

const bpr = 'BPR on ml-100k';

/** Runs of 100 operations: two at once take `together` seconds each, one alone `alone`. */
function measured(together: number, alone: number): SideBySide {
  const measure = new SideBySide();
  measure.ended(bpr, 100, together, 2, 2);
  measure.ended(bpr, 100, together, 2, 2);
  measure.ended(bpr, 100, alone, 1, 2);
  return measure;
}

describe('runs at once or one after the other', () => {
  it('are at once as was asked for, until one has been tried alone where enough wait', () => {
    const measure = new SideBySide();
    expect(measure.choose(bpr, 2, 9)).toBe(2);
    expect(measure.say()).toBeNull();
    measure.ended(bpr, 100, 2, 2, 2);
    expect(measure.choose(bpr, 2, 2)).toBe(2);
    expect(measure.choose(bpr, 2, 3)).toBe(1);
  });

  it('are at once where that does more in a second', () => {
    // Two at once: 200 operations in 2 s; one alone: 100 in 1.7 s.
    const measure = measured(2, 1.7);
    expect(measure.choose(bpr, 2, 9)).toBe(2);
    expect(measure.say()).toBe(
      'BPR on ml-100k: runs at once do 1.7 × the work of one after the other, so they train at once.',
    );
  });

  it('are one after the other where that does more by over a twentieth', () => {
    expect(measured(2, 0.9).choose(bpr, 2, 9)).toBe(1);
    expect(measured(2, 0.97).choose(bpr, 2, 9)).toBe(2);
    const slow = measured(4, 1);
    slow.choose(bpr, 2, 9);
    expect(slow.say()).toContain('.5 × the work of one after the other, so one trains at a time');
  });

  it('are measured by model and data set, and not by a run that had company for a part of its time', () => {
    const measure = measured(2, 0.5);
    expect(measure.choose('MF on ml-100k', 2, 9)).toBe(2);
    measure.ended('MF on ml-100k', 100, 1, 1.5, 2);
    expect(measure.choose('MF on ml-100k', 2, 9)).toBe(2);
    expect(measure.say()).toBeNull();
  });

  it('are as many as are allowed where that is one', () => {
    expect(measured(2, 0.5).choose(bpr, 1, 9)).toBe(1);
  });
});

describe('the company of a run', () => {
  it('is the mean over its time, itself included', () => {
    let time = 10;
    const company = new Company();
    const first = company.joins(() => time);
    time = 12;
    const second = company.joins(() => time);
    time = 14;
    expect(second()).toEqual({ seconds: 2, atOnce: 2 });
    time = 18;
    // Two seconds of two, six of one.
    expect(first()).toEqual({ seconds: 8, atOnce: 10 / 8 });
  });
});

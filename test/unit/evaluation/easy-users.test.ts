import { describe, expect, it } from 'vitest';
import { easyUserNotes } from '../../../main/evaluation/metrics/easy-users.ts';

/** Users of three, one and no rows, and one of two. */
const start = Uint32Array.of(0, 3, 4, 4, 6);

describe('users on whom no model can fail', () => {
  it('are those whose candidates are all to be found', () => {
    // The first has two test items among two candidates, the last one among nine.
    const ranked = { rows: Uint32Array.of(1, 2, 5), candidates: Uint32Array.of(2, 2, 9) };
    expect(easyUserNotes(ranked, { start }, [5], '')).toEqual([
      '50 % of the users have no candidate but what is to be found: no model can fail on them.',
    ]);
  });

  it('are those with no more candidates than places, for the longest list and the shortest', () => {
    const ranked = { rows: Uint32Array.of(0, 3, 5), candidates: Uint32Array.of(4, 9, 100) };
    expect(easyUserNotes(ranked, { start }, [5, 10, 20], '')).toEqual([
      '67 % of the users have no more than 20 candidates: HR@20 and Recall@20 are 1 for them whatever the model (@5: 33 %).',
    ]);
    expect(easyUserNotes(ranked, { start }, [3], '')).toEqual([]);
  });

  it('are those with fewer negatives than the metric is named for', () => {
    const ranked = { rows: Uint32Array.of(0, 3, 5), candidates: Uint32Array.of(100, 99, 100) };
    expect(easyUserNotes(ranked, { start }, [10], 'sampled99')).toEqual([
      '33 % of the users have fewer than 99 negatives: their ranking is easier than sampled99 says.',
    ]);
  });

  it('are nobody where nothing is ranked', () => {
    const none = { rows: new Uint32Array(0), candidates: new Uint32Array(0) };
    expect(easyUserNotes(none, { start }, [10], '')).toEqual([]);
  });
});

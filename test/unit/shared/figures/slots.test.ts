import { describe, expect, it } from 'vitest';
import {
  assignSlots,
  REFERENCE,
  slotColor,
  slotDash,
  slotFilled,
  slotPath,
} from '../../../../shared/figures/slots.ts';

const lookOf = (slot: number) => JSON.stringify([slotDash(slot), slotPath(slot, 0, 0, 4), slotFilled(slot)]);

describe('the looks of runs', () => {
  it('tell 35 models apart by dash and marker, without their colour', () => {
    const { slots } = { slots: Object.values(assignSlots(models(35))) };
    expect(new Set(slots).size).toBe(35);
    expect(slots.every((slot) => slot % 8 !== 0)).toBe(true);
    expect(new Set(slots.map(lookOf)).size).toBe(35);
  });

  it('keep the palette of the first seven, and grey for baselines', () => {
    expect([1, 7, 8, 9, 16].map(slotColor)).toEqual([1, 7, 8, 1, 8]);
    expect([slotDash(1), slotDash(9), slotDash(REFERENCE)]).toEqual([[], [8, 3, 2, 3], [3, 3]]);
    expect([slotFilled(1), slotFilled(8), slotFilled(9)]).toEqual([true, false, false]);
  });

  it('are given to baselines apart, each its own', () => {
    const runs = [...models(2), { id: 'popularity', baseline: true }, { id: 'random', baseline: true }];
    expect(assignSlots(runs)).toEqual({ m0: 1, m1: 2, popularity: 8, random: 16 });
    expect(lookOf(8)).not.toBe(lookOf(16));
  });

  it('stay with a run while others come and go', () => {
    const before = assignSlots(models(3));
    const after = assignSlots(models(4).slice(1), before);
    expect(after).toEqual({ m1: 2, m2: 3, m3: 1 });
    // A slot of the wrong kind, and one that two runs claim, are given anew.
    expect(assignSlots(models(2), { m0: 8, m1: 1 })).toEqual({ m0: 2, m1: 1 });
    expect(assignSlots(models(2), { m0: 3, m1: 3 })).toEqual({ m0: 3, m1: 1 });
  });
});

function models(count: number): { id: string; baseline: boolean }[] {
  return Array.from({ length: count }, (_, at) => ({ id: `m${at}`, baseline: false }));
}

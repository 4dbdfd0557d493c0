import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CostMeter } from '../../../main/training/cost-meter.ts';
import { EnergyMeter } from '../../../main/training/energy.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

/** Counters as Linux shows them: two packages, and a part of the first that must not be counted twice. */
function counters(): { place: string; set: (name: string, microjoules: number) => void } {
  const place = temporaryFolder();
  const set = (name: string, microjoules: number): void => {
    mkdirSync(join(place, name), { recursive: true });
    writeFileSync(join(place, name, 'max_energy_range_uj'), '1000000\n');
    writeFileSync(join(place, name, 'energy_uj'), `${microjoules}\n`);
  };
  set('intel-rapl:0', 900_000);
  set('intel-rapl:0:0', 500_000);
  set('intel-rapl:1', 100);
  return { place, set };
}

it('adds up the packages, and goes on where a counter begins again', () => {
  const { place, set } = counters();
  const meter = new EnergyMeter(place, 'linux');
  expect([meter.reason, meter.joules()]).toEqual([null, 0]);
  set('intel-rapl:1', 250_100);
  set('intel-rapl:0', 150_000);
  expect(meter.joules()).toBeCloseTo(0.5, 9);
  set('intel-rapl:0', 650_000);
  expect(meter.joules()).toBeCloseTo(1, 9);
});

it('says why there is no figure', () => {
  expect(new EnergyMeter(join(temporaryFolder(), 'none'), 'linux').reason).toMatch(/no counters of energy/);
  expect(new EnergyMeter(temporaryFolder(), 'linux').reason).toMatch(/no counters of energy/);
  const elsewhere = new EnergyMeter(counters().place, 'darwin');
  expect([elsewhere.joules(), elsewhere.reason]).toEqual([null, expect.stringMatching(/Only Linux/)]);
});

it('counts on top of what a run had cost before it was interrupted', () => {
  const { place, set } = counters();
  const before = { cpuSeconds: 10, wallSeconds: 5, energyJoules: 100, energyNote: '' };
  const meter = new CostMeter(before, new EnergyMeter(place, 'linux'));
  set('intel-rapl:1', 500_100);
  const cost = meter.read();
  expect(cost.energyJoules).toBeCloseTo(100.5, 9);
  expect(cost.cpuSeconds).toBeGreaterThanOrEqual(10);
  expect(cost.wallSeconds).toBeGreaterThanOrEqual(5);
  // A counter that goes away leaves no figure, and no wrong one.
  rmSync(join(place, 'intel-rapl:0'), { recursive: true });
  expect(meter.read()).toMatchObject({
    energyJoules: null,
    energyNote: 'The energy was not counted to the end.',
  });
  meter.stop();
});

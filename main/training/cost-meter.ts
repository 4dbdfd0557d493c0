import type { RunCost } from '../../shared/runs.ts';
import { EnergyMeter } from './energy.ts';

/** Milliseconds between two looks at counters that begin again. */
const LOOK_EVERY = 20_000;

/** What a trial costs, from the moment that it is made; on top of what it had cost before it was interrupted. */
export class CostMeter {
  readonly #before: RunCost | null;
  readonly #energy: EnergyMeter;
  readonly #began = performance.now();
  readonly #cpu = process.cpuUsage();
  readonly #look: NodeJS.Timeout;

  constructor(before: RunCost | null, energy = new EnergyMeter()) {
    this.#before = before;
    this.#energy = energy;
    this.#look = setInterval(() => energy.joules(), LOOK_EVERY).unref();
  }

  read(): RunCost {
    const { user, system } = process.cpuUsage(this.#cpu);
    const joules = this.#energy.joules();
    const before = this.#before;
    const known = joules !== null && (before === null || before.energyJoules !== null);
    return {
      cpuSeconds: (before?.cpuSeconds ?? 0) + (user + system) / 1e6,
      wallSeconds: (before?.wallSeconds ?? 0) + (performance.now() - this.#began) / 1000,
      energyJoules: known ? (before?.energyJoules ?? 0) + joules : null,
      energyNote: known
        ? 'Of all processors of the machine, whatever else they did meanwhile.'
        : (this.#energy.reason ?? 'The energy was not counted to the end.'),
    };
  }

  stop(): void {
    clearInterval(this.#look);
  }
}

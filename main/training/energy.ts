/** Energy that the machine's processors took, as Linux counts it (RAPL: running average power limit). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One counter: a processor package, with cores, caches and mostly the memory controller. */
interface Counter {
  readonly file: string;
  /** Microjoules after which the counter begins again at 0. */
  readonly range: number;
  last: number;
}

const PLACE = '/sys/class/powercap';

/**
 * Adds up the packages' counters. They begin again after some hundred kilojoules, minutes of a busy server, so they must
 * be read now and then.
 */
export class EnergyMeter {
  /** Why there is no figure; null where there is one. */
  readonly reason: string | null;
  readonly #counters: Counter[] = [];
  #microjoules = 0;

  constructor(place: string = PLACE, platform: string = process.platform) {
    this.reason = this.#open(place, platform);
  }

  /** Since it was made; null where the system does not tell. */
  joules(): number | null {
    if (this.reason !== null) return null;
    try {
      for (const counter of this.#counters) {
        const now = readCount(counter.file);
        this.#microjoules += now >= counter.last ? now - counter.last : now + counter.range - counter.last;
        counter.last = now;
      }
    } catch {
      // A counter that was there and is gone: what was counted before says too little.
      return null;
    }
    return this.#microjoules / 1e6;
  }

  #open(place: string, platform: string): string | null {
    if (platform !== 'linux') return 'Only Linux tells the energy of its processors.';
    try {
      const packages = readdirSync(place).filter((name) => /^intel-rapl:\d+$/.test(name));
      for (const name of packages) {
        const file = join(place, name, 'energy_uj');
        const range = readCount(join(place, name, 'max_energy_range_uj'));
        this.#counters.push({ file, range, last: readCount(file) });
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM')
        return `The counters of energy (${place}) may only be read by the administrator.`;
      return 'This machine has no counters of energy (RAPL), as most virtual machines have none.';
    }
    return this.#counters.length > 0
      ? null
      : 'This machine has no counters of energy (RAPL), as most virtual machines have none.';
  }
}

function readCount(file: string): number {
  const value = Number(readFileSync(file, 'utf8').trim());
  if (!Number.isFinite(value) || value < 0) throw new Error(`${file} holds no count`);
  return value;
}

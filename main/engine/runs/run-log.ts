/** What a run did, line by line: read where it failed. */
import type { ComputeRecord } from '../../../shared/config.ts';
import type { Epoch } from '../../../shared/contract.ts';

/** Lines kept: the beginning tells what computed, the end what happened. */
const MOST = 60;

export class RunLog {
  readonly #lines: string[];

  constructor(earlier: readonly string[]) {
    this.#lines = [...earlier];
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  add(words: string): void {
    this.#lines.push(`${new Date().toISOString().slice(0, 19).replace('T', ' ')} ${words}`);
    // The oldest lines go, except for the first one, which says what the run was started with.
    if (this.#lines.length > MOST) this.#lines.splice(1, this.#lines.length - MOST);
  }

  started({ engine, backend, version, simd, threads, note }: ComputeRecord): void {
    this.add(`computes on ${engine} (${backend} ${version}, SIMD ${simd}), threads: ${threads}`);
    if (note) this.add(note);
  }

  epoch({ epoch, loss, seconds, validation }: Epoch): void {
    const figures = Object.entries(validation).slice(0, 3);
    const validated = figures.map(([name, value]) => `, ${name} ${value.toFixed(4)}`).join('');
    this.add(`epoch ${epoch}: loss ${loss.toPrecision(5)}${validated}, ${seconds.toFixed(2)} s`);
  }
}

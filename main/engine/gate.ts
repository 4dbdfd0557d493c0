import { WorkbenchError } from '../base/errors.ts';
import { harmless } from './harmless.ts';

/** Keeps changes away from data that are being moved, and from an engine that is about to end. */
export class Gate {
  #why: string | null = null;

  /** @param why as a sentence: "The data are being moved." */
  close(why: string): void {
    this.#why = why;
  }

  open(): void {
    this.#why = null;
  }

  /** @throws WorkbenchError `engine-busy` for a method that could change something */
  assertOpenTo(method: string): void {
    if (this.#why === null || harmless.has(method) || method.startsWith('jobs.')) return;
    throw new WorkbenchError('engine-busy', this.#why, 'Try again in a moment.');
  }
}

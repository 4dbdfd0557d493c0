import type { SweepDetail, SweepSummary } from '../../shared/sweeps.ts';
import { invoke } from './engine-api.ts';
import { Resource } from './resource.svelte.ts';

/** Milliseconds between two reads of what changes with every trial; a slow read is followed by a longer pause. */
const PAUSE = 400;
const REST = 3;

/** All sweeps and tournaments, and the one whose page is open; both are read again while trials end. */
class Sweeps {
  #list = new Resource<SweepSummary[]>();
  #opened = new Resource<SweepDetail>();
  #open: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #took = 0;
  /** Changed since it was read. */
  #stale = false;

  get all(): SweepSummary[] {
    return this.#list.value ?? [];
  }
  /** The latest first. */
  get tournaments(): SweepSummary[] {
    return this.all.filter(({ kind }) => kind === 'tournament').reverse();
  }
  get loaded(): boolean {
    return this.#list.value !== null;
  }
  find(id: string | null | undefined): SweepSummary | null {
    return (id && this.all.find((sweep) => sweep.id === id)) || null;
  }

  /** The opened one with its trials; null until it is read. */
  get detail(): SweepDetail | null {
    return this.#opened.value?.summary.id === this.#open ? this.#opened.value : null;
  }
  get error() {
    return this.#opened.error;
  }
  get slow(): boolean {
    return this.#opened.slow;
  }

  async refresh(): Promise<void> {
    await Promise.all([this.#list.load(() => invoke('sweeps.list', {})), this.#read()]);
  }

  /** Follows one of them, or none. */
  async open(id: string | null): Promise<void> {
    if (id === this.#open) return;
    this.#open = id;
    this.#opened.clear();
    await this.#read();
  }

  /** Something of one changed: it is read again soon, together with what else changes until then. */
  touch(id: string): void {
    if (id === this.#open) this.#stale = true;
    this.#timer ??= setTimeout(() => void this.#again(), Math.max(PAUSE, REST * this.#took));
  }

  async #again(): Promise<void> {
    const stale = this.#stale;
    this.#stale = false;
    const began = performance.now();
    await Promise.all([this.#list.load(() => invoke('sweeps.list', {})), stale ? this.#read() : null]);
    this.#took = performance.now() - began;
    this.#timer = undefined;
    if (this.#stale && this.#open) this.touch(this.#open);
  }

  async #read(): Promise<void> {
    const sweep = this.#open;
    if (sweep) await this.#opened.load(() => invoke('sweeps.get', { sweep }));
  }
}

export const sweeps = new Sweeps();

/** A history that is changed to see what every chosen run would show then. */
import type { ErrorShape, Result } from '../../shared/contract.ts';
import { invoke } from '../state/engine-api.ts';
import { asError } from '../transport/host.ts';

export interface Change {
  item: string;
  title: string;
  /** Null: it is taken away. */
  rating: number | null;
  /** What it was; null where it is new. */
  before: number | null;
}

/** What a run answered, or why it could not. */
export interface Answer {
  run: string;
  result: Result<'inspect.whatIf'> | null;
  error: ErrorShape | null;
}

/** Milliseconds that typing and clicking may go on before the runs are asked again. */
const PAUSE = 60;

export class WhatIf {
  /** Null: switched off, and the stored lists are shown. */
  base = $state.raw<{ user: string | null } | null>(null);
  changes = $state.raw<readonly Change[]>([]);
  answers = $state.raw<readonly Answer[]>([]);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(user: string | null, changes: readonly Change[] = []): void {
    this.base = { user };
    this.changes = changes;
    this.answers = [];
  }

  stop(): void {
    this.base = null;
    this.changes = [];
    this.answers = [];
    this.#turn++;
  }

  reset(): void {
    this.changes = [];
  }

  /** Adds, rates anew or takes away; a change back to what was is none. */
  change(next: Change): void {
    const known = this.changes.find((one) => one.item === next.item);
    const before = known ? known.before : next.before;
    const rest = this.changes.filter((one) => one !== known);
    const none = next.rating === before;
    this.changes = none ? rest : [...rest, { ...next, before }];
  }

  undo(item: string): void {
    this.changes = this.changes.filter((one) => one.item !== item);
  }

  /** The history of somebody imagined, or the changes of a user's. */
  get asked(): { user: string | null; add: { item: string; rating: number | null }[]; remove: string[] } {
    return {
      user: this.base?.user ?? null,
      add: this.changes.filter(({ rating }) => rating !== null).map(({ item, rating }) => ({ item, rating })),
      remove: this.changes.filter(({ rating }) => rating === null).map(({ item }) => item),
    };
  }

  /** Asks every run again; answers that come after a newer question are dropped. */
  ask(runs: readonly string[], top: number): void {
    const turn = ++this.#turn;
    const question = this.asked;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void Promise.all(
        runs.map(async (run): Promise<Answer> => {
          try {
            return { run, result: await invoke('inspect.whatIf', { run, ...question, top }), error: null };
          } catch (error) {
            return { run, result: null, error: asError(error) };
          }
        }),
      ).then((answers) => {
        if (turn === this.#turn && this.base) this.answers = answers;
      });
    }, PAUSE);
  }
}

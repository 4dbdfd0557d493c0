/** The sweep that is being put together, beside the draft of a run with which it shares data, split and model. */
import type { Parameters } from '../../shared/config.ts';
import type { ModelInfo, Params } from '../../shared/contract.ts';
import type { Dimension } from '../../shared/search.ts';
import type { SearchKind } from '../../shared/sweeps.ts';
import { draft } from './draft.svelte.ts';
import { gridSize, isOwn, ownRow, readRow, rowSpec, type ReadRow, type SpaceRow } from './space.ts';

class SweepDraft {
  rows = $state.raw<Record<string, SpaceRow>>({});
  /** Null: what fits, see `search`. */
  chosen = $state<SearchKind | null>(null);
  unit = $state<'trials' | 'minutes'>('trials');
  trials = $state(30);
  minutes = $state(10);
  seeds = $state(1);
  /** Grid: values of a range. */
  steps = $state(3);
  finalSeeds = $state(0);
  name = $state('');
  /** The fields that the rows were made of. */
  #base: Record<string, string> | null = null;

  get info(): ModelInfo | null {
    return draft.info;
  }

  /** Takes what the run's form starts from, where it is another model or preset than before. */
  follow(): void {
    if (draft.base === this.#base) return;
    this.#base = draft.base;
    this.rows = Object.fromEntries(
      (this.info?.parameters ?? []).map((schema) => [schema.name, ownRow(schema, draft.fields[schema.name])]),
    );
  }

  set(name: string, changes: Partial<SpaceRow>): void {
    const row = this.rows[name];
    if (row) this.rows = { ...this.rows, [name]: { ...row, ...changes } };
  }

  readonly read: Record<string, ReadRow> = $derived.by(() =>
    Object.fromEntries(
      (this.info?.parameters ?? []).flatMap((schema) => {
        const row = this.rows[schema.name];
        return row ? [[schema.name, readRow(schema, row)]] : [];
      }),
    ),
  );
  /** What varies, in the order of the model's parameters. */
  readonly space: Dimension[] = $derived(
    Object.values(this.read).flatMap(({ dimension }) => dimension ?? []),
  );
  readonly errors: string[] = $derived(
    Object.entries(this.read).flatMap(([name, { error }]) => (error === null ? [] : [name])),
  );

  /** Epochs of a whole training; null where the model has none, or where they vary. */
  get epochs(): number | null {
    const value = this.read['epochs']?.value;
    return this.info?.iterative && typeof value === 'number' ? value : null;
  }
  /** ASHA needs epochs to stop at, and enough trials to choose among. */
  get hasRungs(): boolean {
    return (this.epochs ?? 0) >= 3;
  }
  /** How trials are chosen: as asked for, where that can be. */
  get search(): SearchKind {
    const wanted = this.chosen ?? 'asha+tpe';
    if (this.hasRungs && (this.unit === 'minutes' || this.trials >= 6)) return wanted;
    return wanted === 'asha' ? 'random' : wanted === 'asha+tpe' ? 'tpe' : wanted;
  }
  get grid(): number {
    return gridSize(this.space, this.steps);
  }
  /** Trials that it will have; null where time decides. */
  get count(): number | null {
    if (this.unit === 'minutes') return null;
    return this.search === 'grid' ? this.grid : this.trials;
  }

  /** What is fixed: where it is not the model's default, or where the model itself would vary it. */
  get fixed(): Parameters {
    return Object.fromEntries(
      (this.info?.parameters ?? []).flatMap((schema) => {
        const value = this.read[schema.name]?.value ?? null;
        return value !== null && (value !== schema.default || schema.search) ? [[schema.name, value]] : [];
      }),
    );
  }

  request(dataset: string): Params<'sweeps.start'> {
    // The model's own space begins with its default, and may have conditions: it is asked for as such.
    const own = (this.info?.parameters ?? []).every((schema) => {
      const row = this.rows[schema.name];
      return !row || row.way === 'fixed' || isOwn(schema, row);
    });
    const space = Object.fromEntries(
      Object.entries(this.rows).flatMap(([name, row]) => {
        const spec = rowSpec(row);
        return spec === null ? [] : [[name, spec]];
      }),
    );
    return {
      dataset,
      name: this.name.trim() || null,
      config: { ...draft.config(draft.model, 1, this.fixed), preset: null, refit: false },
      space: own ? null : space,
      search: this.search,
      trials: this.unit === 'minutes' || this.search === 'grid' ? this.count : this.trials,
      minutes: this.unit === 'minutes' ? this.minutes : null,
      seeds: this.seeds,
      finalSeeds: this.finalSeeds,
      steps: this.steps,
    };
  }
}

export const sweepDraft = new SweepDraft();

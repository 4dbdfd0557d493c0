/** The mark of significance beside the difference to the baseline, by key of the row. */
import type { Versus } from '../../shared/contract.ts';
import { invoke } from '../state/engine-api.ts';
import { Resource } from '../state/resource.svelte.ts';
import { type RunRow, testedRows } from './rows.ts';

class VersusMarks {
  #resource = new Resource<Map<string, Versus>>();
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks half a second after the last change of what is to be tested; live epochs change nothing. */
  ask(rows: readonly RunRow[], metric: string): void {
    const tested = testedRows(rows, metric);
    const keys = tested.map((row) => row.key);
    const groups = tested.map((row) => row.counted.slice(0, 1000).map((run) => run.id));
    const wanted = JSON.stringify([metric, tested.map((row) => row.baseline?.id), groups]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#resource.load(async () => {
        const results = groups.length === 0 ? [] : await invoke('runs.versus', { groups, metric });
        return new Map(
          results.flatMap((result, index): [string, Versus][] =>
            result ? [[keys[index] ?? '', result]] : [],
          ),
        );
      });
    }, 500);
  }

  of(row: RunRow): Versus | null {
    return this.#resource.value?.get(row.key) ?? null;
  }
}

export const versusMarks = new VersusMarks();

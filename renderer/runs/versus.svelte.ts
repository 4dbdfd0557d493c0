/** The mark of significance beside the difference to the baseline, by key of the row. */
import type { Result } from '../../shared/contract.ts';
import { invoke } from '../state/engine-api.ts';
import { Resource } from '../state/resource.svelte.ts';
import { familiesOf, type RunRow } from './rows.ts';

type Test = NonNullable<Result<'runs.versus'>[number]>;

class VersusMarks {
  #resource = new Resource<Map<string, Test>>();
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks half a second after the last change of what is to be tested; live epochs change nothing. */
  ask(rows: readonly RunRow[], metric: string): void {
    const families = [...familiesOf(rows, metric)].map(([baseline, members]) => ({
      baseline,
      keys: members.map((row) => row.key),
      groups: members.map((row) => row.runs.slice(0, 100).map((run) => run.id)),
    }));
    const wanted = JSON.stringify([metric, families]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#resource.load(async () => {
        // eslint-disable-next-line svelte/prefer-svelte-reactivity -- complete before it is shown, and replaced as a whole
        const tests = new Map<string, Test>();
        for (const { baseline, keys, groups } of families) {
          const results = await invoke('runs.versus', { baseline, groups, metric });
          results.forEach((result, index) => {
            const key = keys[index];
            if (result && key !== undefined) tests.set(key, result);
          });
        }
        return tests;
      });
    }, 500);
  }

  of(row: RunRow): Test | null {
    return this.#resource.value?.get(row.key) ?? null;
  }
}

export const versusMarks = new VersusMarks();

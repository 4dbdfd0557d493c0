/** Runs against the baseline of their data set and split: the mark of significance in the table of runs. */
import { setImmediate } from 'node:timers/promises';
import type { Checked, Result } from '../../../shared/contract.ts';
import type { PerUser } from '../../evaluation/evaluation.ts';
import { pairedTest, pairValues } from '../../evaluation/compare/run-pairs.ts';
import { holm } from '../../evaluation/statistics/holm.ts';
import { readArtifact } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findRun } from '../../store/runs.ts';

/** p-values kept: a finished run never changes, so each is computed once. */
const REMEMBERED = 20_000;

type Vector = Pick<PerUser, 'users' | 'ratings'> & {
  readonly fingerprint: string;
  readonly values: Float64Array;
};

export class Versus {
  readonly #database: ReadableDatabase;
  readonly #known = new Map<string, number | null>();

  constructor(database: ReadableDatabase) {
    this.#database = database;
  }

  /** Lets other work of the engine in between two groups that are new to it. */
  async test({ baseline, groups, metric }: Checked<'runs.versus'>): Promise<Result<'runs.versus'>> {
    const than = this.#vector(baseline, metric);
    const pValues: (number | null)[] = [];
    for (const group of groups) {
      const key = JSON.stringify([metric, baseline, ...group]);
      let pValue = this.#known.get(key);
      if (pValue === undefined) {
        await setImmediate();
        pValue = than && this.#pValue(than, group, metric);
        if (this.#known.size >= REMEMBERED) this.#known.clear();
        this.#known.set(key, pValue);
      }
      pValues.push(pValue);
    }
    const tested = pValues.filter((pValue) => pValue !== null);
    const adjusted = holm(tested);
    let at = 0;
    return pValues.map((pValue) => (pValue === null ? null : { pValue, adjusted: adjusted[at++] }));
  }

  #pValue(than: Vector, group: readonly string[], metric: string): number | null {
    const vectors = group.flatMap((run) => this.#vector(run, metric) ?? []);
    const mean = meanOf(vectors);
    if (!mean || mean.fingerprint !== than.fingerprint) return null;
    const values = pairValues(asCompared(than, metric), asCompared(mean, metric), metric);
    return values.a.length === 0 ? null : pairedTest(values).pValue;
  }

  #vector(idOrName: string, metric: string): Vector | null {
    const { key, run } = findRun(this.#database, idOrName);
    const read = (name: string) => readArtifact(this.#database, key, 'perUser', name);
    const [users, ratings, values] = [read('users'), read('ratings'), read(metric)];
    if (run.status !== 'finished' || !users || !ratings || !values) return null;
    return {
      fingerprint: run.fingerprint,
      users: users as Uint32Array,
      ratings: ratings as Uint32Array,
      values: values as Float64Array,
    };
  }
}

/** Mean of each user's values over seeds; runs that were tested on other users than the first are left out. */
function meanOf(vectors: readonly Vector[]): Vector | null {
  const [first] = vectors;
  if (!first) return null;
  const alike = vectors.filter(({ users }) =>
    Buffer.from(users.buffer, users.byteOffset, users.byteLength).equals(
      Buffer.from(first.users.buffer, first.users.byteOffset, first.users.byteLength),
    ),
  );
  const values = first.values.map((_, user) => {
    let sum = 0;
    for (const vector of alike) sum += vector.values[user];
    return sum / alike.length;
  });
  return { ...first, values };
}

function asCompared({ fingerprint, users, ratings, values }: Vector, metric: string) {
  return { run: { fingerprint }, perUser: { users, ratings, values: { [metric]: values } } };
}

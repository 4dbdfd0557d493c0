/** What the study has trained: one cell a data set, model, setting and seed, kept in docs/defaults.json as it is made. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type Parameters, RunConfig } from '../../shared/config.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import { sizeOf } from '../../main/model/counts.ts';
import type { DataSize } from '../../main/model/model.ts';
import type { Ratings } from '../../main/ratings/ratings.ts';
import { runTrial, tuneTrial } from '../../main/training/loop.ts';
import { type StudyData } from './data.ts';

const file = fileURLToPath(new URL('../../docs/defaults.json', import.meta.url));

/** NDCG@10 of a cell, to six digits. */
export interface Cell {
  /** On validation after each epoch; of models without epochs one number. */
  readonly curve: readonly number[];
  /** The epoch that early stopping took, and its test figure: of the kept data sets alone. */
  readonly bestEpoch?: number;
  readonly test?: number;
}

type Wanted = {
  readonly data: StudyData;
  readonly model: string;
  /** Parameters, of the counts of the data. */
  readonly of: (data: DataSize) => Parameters;
  /** Of the split and of the model. */
  readonly seed: number;
};

export class Cells {
  readonly #cells: Record<string, Cell>;
  readonly #loaded = new Map<string, Ratings | null>();

  readonly #readsOnly: boolean;

  /** @param readsOnly nothing is trained: what is not there yet stays away */
  constructor(readsOnly = false) {
    this.#readsOnly = readsOnly;
    this.#cells = stored();
  }

  /** Null where the data are not there, or the cell is not and may not be trained. */
  async get(wanted: Wanted, trains: boolean): Promise<Cell | null> {
    const { data, model, of, seed } = wanted;
    const ratings = this.#ratings(data);
    if (ratings === null) return null;
    const parameters = of(sizeOf(ratings));
    const key = [data.name, model, JSON.stringify(parameters), seed].join(' ');
    const known = this.#cells[key];
    if (known) return known;
    if (!trains || this.#readsOnly) return null;
    const cell = await train(ratings, wanted, parameters);
    this.#cells[key] = cell;
    console.log(`${key}: ${Math.max(...cell.curve)} ${cell.test === undefined ? '' : `test ${cell.test}`}`);
    this.#save();
    return cell;
  }

  #ratings(data: StudyData): Ratings | null {
    if (!this.#loaded.has(data.name)) this.#loaded.set(data.name, data.load());
    return this.#loaded.get(data.name) ?? null;
  }

  /** With what another study of other models has stored meanwhile. */
  #save(): void {
    Object.assign(this.#cells, { ...stored(), ...this.#cells });
    const lines = Object.entries(this.#cells)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, cell]) => `  ${JSON.stringify(key)}: ${JSON.stringify(cell)}`);
    writeFileSync(`${file}.new`, `{\n${lines.join(',\n')}\n}\n`);
    renameSync(`${file}.new`, file);
  }
}

function stored(): Record<string, Cell> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Cell>) : {};
}

const digits = (value: number): number => Number(value.toFixed(6));

/** A random tenth of the ratings is test, a tenth of the rest validation. Only kept data sets are ever tested. */
async function train(ratings: Ratings, { data, model, seed }: Wanted, parameters: Parameters): Promise<Cell> {
  const config = v.parse(RunConfig, {
    model,
    parameters,
    seed,
    split: { name: 'random', seed },
    evaluation: { target: 'ndcg@10', k: [10] },
  });
  const trial = { ratings, split: makeSplit(ratings, config.split), config };
  const curveOf = (epochs: readonly { readonly validation: Record<string, number> }[]): number[] =>
    epochs.map(({ validation }) => digits(validation['ndcg@10']));
  if (!data.kept) return { curve: curveOf((await tuneTrial(trial, null)).epochs) };
  const { epochs, bestEpoch, metrics } = await runTrial(trial);
  return { curve: curveOf(epochs), bestEpoch, test: digits(metrics.test['ndcg@10']) };
}

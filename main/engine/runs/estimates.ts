/** What a run is expected to take: from what was timed here, else from its operations and the speed of the computer. */
import type { Parameters, RunConfig } from '../../../shared/config.ts';
import type { Dataset } from '../../../shared/contract.ts';
import { resolveParameters } from '../../model/parameters.ts';
import type { DataSize, ModelDefinition } from '../../model/model.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findAnyRun } from '../../store/runs.ts';
import { latestTimings, type Timing } from '../../store/timings.ts';
import { expectRun, operationsOf, plainSpeed } from './expectation.ts';

export interface Estimate {
  readonly seconds: number | null;
  readonly memoryMb: number | null;
  /** What they are made from, in words. */
  readonly basis: string;
}

/** A correction by what other models took goes no further: they are other models. */
const MOST_CORRECTION = 10;

/** Estimates of one moment: what was read of earlier runs for one serves those after it. */
export class Estimates {
  readonly #database: ReadableDatabase;
  readonly #datasets = new Map<string, Dataset>();
  readonly #histories = new Map<string, ModelHistory>();
  #correction: number | null = null;

  constructor(database: ReadableDatabase) {
    this.#database = database;
  }

  /** @param dataset its id or name @throws WorkbenchError `dataset-missing`, and where the parameters are not the model's */
  of(dataset: string, { model: name, parameters: told }: Pick<RunConfig, 'model' | 'parameters'>): Estimate {
    const model = findModel(name);
    if (!model) return { seconds: null, memoryMb: null, basis: `There is no model ${name} here.` };
    const data = this.#dataset(dataset);
    const parameters = resolveParameters(model, told, data);
    const history = this.#historyOf(name, data.fingerprint);
    const expected = expectRun(model, parameters, data, plainSpeed());
    const memoryMb = history.memoryMb ?? expected.memoryMb;
    const { runs, where, rate } = history;
    if (rate === null)
      return {
        seconds: expected.seconds * (this.#correction ??= this.#measureCorrection()),
        memoryMb,
        basis: `${model.title} never ran here: estimated from its operations and the speed of this computer.`,
      };
    return {
      seconds: rate * operationsOf(model, parameters, data),
      memoryMb,
      basis: `From ${runs} earlier ${model.title} ${runs === 1 ? 'run' : 'runs'} ${where}.`,
    };
  }

  #dataset(id: string): Dataset {
    const known = this.#datasets.get(id) ?? findDataset(this.#database, id).dataset;
    this.#datasets.set(id, known);
    return known;
  }

  #historyOf(model: string, fingerprint: string): ModelHistory {
    const key = `${fingerprint} ${model}`;
    const known = this.#histories.get(key);
    if (known) return known;
    const here = latestTimings(this.#database, { model, fingerprint });
    const basis = here.length > 0 ? here : latestTimings(this.#database, { model });
    const made: ModelHistory = {
      runs: basis.length,
      where: here.length > 0 ? 'here' : 'on other data',
      rate: median(basis.flatMap((run) => secondsAnOperation(run, this.#dataset(run.dataset)) ?? [])),
      memoryMb: here.length > 0 ? Math.max(...here.map((run) => run.peakMemoryMb ?? 0)) : null,
    };
    this.#histories.set(key, made);
    return made;
  }

  /** How much slower this computer has been than its speed lets expect, by the latest runs of all models. */
  #measureCorrection(): number {
    const ratios = latestTimings(this.#database, {}).flatMap((run) => {
      const model = findModel(run.model);
      if (!model) return [];
      const size = this.#dataset(run.dataset);
      return [run.seconds / expectRun(model, timedParameters(model, run), size, plainSpeed()).seconds];
    });
    return Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, median(ratios) ?? 1));
  }
}

/** What is known of a model's finished runs. */
interface ModelHistory {
  readonly runs: number;
  readonly where: string;
  /** Median seconds an operation; null without runs. */
  readonly rate: number | null;
  readonly memoryMb: number | null;
}

/** Operations that a finished run did: of all its epochs, and of ranking. */
export function workDone(database: ReadableDatabase, id: string): number {
  const { run } = findAnyRun(database, id);
  const model = findModel(run.model);
  if (!model) return 0;
  const parameters = timedParameters(model, { parameters: run.parameters, epochs: Math.max(1, run.epoch) });
  return operationsOf(model, parameters, findDataset(database, run.dataset).dataset);
}

function secondsAnOperation(run: Timing, size: DataSize): number | null {
  const model = findModel(run.model);
  return model ? run.seconds / operationsOf(model, timedParameters(model, run), size) : null;
}

/** As it was trained. Runs of earlier versions may lack parameters that there are now. */
function timedParameters(
  model: ModelDefinition,
  { parameters, epochs }: Pick<Timing, 'parameters' | 'epochs'>,
): Parameters {
  return { ...resolveParameters(model, {}), ...parameters, epochs };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

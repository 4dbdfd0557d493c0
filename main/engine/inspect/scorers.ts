/** Runs that questions are asked of: their weights are read once, and kept while there is room. */
import type { ReadableDatabase } from '../../store/database.ts';
import { findRun } from '../../store/runs.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { openScorer, type RunScorer } from './scoring.ts';

/** Bytes of weights that are kept beside those of the run in question. */
const MOST_BYTES = 768 << 20;
/** Milliseconds without a question after which all are let go. */
const KEPT_FOR = 5 * 60_000;

export class Scorers {
  readonly database: ReadableDatabase;
  readonly loaded: LoadedDatasets;
  /** How often weights were read: each run once, unless there was no room. */
  reads = 0;
  /** By the run's id; the one that was asked last is the last. */
  readonly #open = new Map<string, RunScorer>();
  readonly #most: number;
  #forget: NodeJS.Timeout | undefined;

  constructor(database: ReadableDatabase, loaded: LoadedDatasets, mostBytes = MOST_BYTES) {
    this.database = database;
    this.loaded = loaded;
    this.#most = mostBytes;
  }

  /** @throws WorkbenchError `run-missing`, `run-unfinished`, `unknown-model` */
  get(idOrName: string): RunScorer {
    const { run } = findRun(this.database, idOrName);
    const known = this.#open.get(run.id);
    this.#open.delete(run.id);
    const scorer = known ?? openScorer(this.database, this.loaded, run.id);
    if (!known) this.reads++;
    this.#open.set(run.id, scorer);
    this.#makeRoom();
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => this.#open.clear(), KEPT_FOR).unref();
    return scorer;
  }

  #makeRoom(): void {
    let bytes = 0;
    for (const scorer of this.#open.values()) bytes += bytesOf(scorer);
    for (const [id, scorer] of this.#open) {
      if (bytes <= this.#most || this.#open.size === 1) return;
      bytes -= bytesOf(scorer);
      this.#open.delete(id);
    }
  }
}

function bytesOf({ saved: { weights, train } }: RunScorer): number {
  const arrays = [...Object.values(weights), train.item, train.value, train.start];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

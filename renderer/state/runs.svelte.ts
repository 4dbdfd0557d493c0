import type { Epoch, Run } from '../../shared/contract.ts';
import { prepareKeys } from '../lib/runs.ts';
import { invoke } from './engine-api.ts';
import { Resource } from './resource.svelte.ts';

/**
 * All runs, archived ones included. Single changes are patched in; many at once are re-read together. Epochs of running
 * ones are kept beside the list, so that what is computed from thousands of runs is not computed again with every epoch.
 */
class Runs {
  #resource = new Resource<Run[]>();
  #byId = $derived(new Map((this.#resource.value ?? []).map((run) => [run.id, run])));
  /** Epochs of the runs that some chart shows. */
  epochs = $state.raw<Record<string, Epoch[]>>({});
  /** Running runs with the epochs since they were read. */
  #live = $state.raw<Record<string, Run>>({});
  #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #learned = new Map<string, Epoch[]>();
  #learning: ReturnType<typeof setTimeout> | undefined;

  /** As they were when they last changed but by an epoch: queued, started, ended, renamed. */
  get all(): Run[] {
    return this.#resource.value ?? [];
  }
  /** A run of `all` with its latest epoch. */
  now(run: Run): Run {
    return this.#live[run.id] ?? run;
  }
  get loaded(): boolean {
    return this.#resource.value !== null;
  }
  get slow(): boolean {
    return this.#resource.slow;
  }
  get error() {
    return this.#resource.error;
  }
  find(id: string | null | undefined): Run | null {
    const run = id ? this.#byId.get(id) : undefined;
    return run ? this.now(run) : null;
  }
  /** The runs of these ids that still exist, in their order. */
  pick(ids: readonly string[]): Run[] {
    return ids.flatMap((id) => this.find(id) ?? []);
  }

  async refresh(): Promise<void> {
    if (await this.#resource.load(readAll)) this.#live = {};
  }

  /** A run changed: it is read again within 100 ms, together with others. */
  touch(id: string): void {
    this.#changed.add(id);
    this.#timer ??= setTimeout(() => void this.#flush(), 100);
  }

  async #flush(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    this.#timer = undefined;
    if (ids.length > 6) return this.refresh();
    for (const id of ids) {
      try {
        const { run, epochs } = await invoke('runs.get', { run: id });
        this.#put(run);
        if (this.epochs[id]) this.epochs = { ...this.epochs, [id]: epochs };
      } catch {
        this.#drop(id);
      }
    }
  }

  #put(run: Run): void {
    const list = this.all;
    const at = list.findIndex((one) => one.id === run.id);
    this.#resource.value = at < 0 ? [...list, run] : list.with(at, run);
    const { [run.id]: _older, ...others } = this.#live;
    this.#live = others;
  }

  #drop(id: string): void {
    this.#resource.value = this.all.filter((run) => run.id !== id);
  }

  /** A live epoch: the run's row and its curve grow without reading anything, at most five times a second. */
  learn(id: string, epoch: Epoch): void {
    const waiting = this.#learned.get(id);
    if (waiting) waiting.push(epoch);
    else this.#learned.set(id, [epoch]);
    this.#learning ??= setTimeout(() => this.#grow(), 200);
  }

  #grow(): void {
    this.#learning = undefined;
    const learned = [...this.#learned];
    this.#learned.clear();
    const curves = { ...this.epochs };
    const live = { ...this.#live };
    for (const [id, fresh] of learned) {
      const curve = curves[id];
      if (curve) {
        const known = new Set(curve.map((epoch) => epoch.epoch));
        curves[id] = [...curve, ...fresh.filter((epoch) => !known.has(epoch.epoch))];
      }
      const run = this.find(id);
      if (!run || run.status === 'queued') this.touch(id);
      if (run) live[id] = fresh.reduce(grown, run);
    }
    this.epochs = curves;
    this.#live = live;
  }

  /** Reads the curve of a run once; live epochs are added as they come. */
  async watch(id: string): Promise<void> {
    if (this.epochs[id]) return;
    this.epochs = { ...this.epochs, [id]: [] };
    try {
      const { epochs } = await invoke('runs.get', { run: id });
      this.epochs = { ...this.epochs, [id]: epochs };
    } catch {
      // The curve stays empty until the run changes: forgetting it would make whoever shows it ask again without end.
    }
  }
}

/** Runs in a message: the window has other things to do between two pages of them. */
const PAGE = 500;

async function readAll(): Promise<Run[]> {
  const all: Run[] = [];
  for (let page: Run[] | null = null; page === null || page.length === PAGE;) {
    page = await invoke('runs.list', { archived: true, after: all.at(-1)?.number ?? 0, limit: PAGE });
    prepareKeys(page);
    all.push(...page);
  }
  return all;
}

/** A run after one more epoch; its end comes by `runs.changed`. */
function grown(run: Run, epoch: Epoch): Run {
  if (epoch.epoch <= run.epoch) return run;
  return {
    ...run,
    epoch: epoch.epoch,
    loss: epoch.loss,
    metrics: { ...run.metrics, validation: { ...run.metrics.validation, ...epoch.validation } },
    seconds: { ...run.seconds, train: run.seconds.train + epoch.seconds },
  };
}

export const runs = new Runs();

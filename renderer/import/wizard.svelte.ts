/** What the import wizard knows: the file, what was guessed and changed, the check and the import under way. */
import type { Result } from '../../shared/contract.ts';
import type {
  Accounting,
  ImportOutcome,
  ImportSettings,
  Inspection,
  Interpretation,
  Reject,
  Remedy,
} from '../../shared/imports.ts';
import type * as v from 'valibot';
import type { ErrorShape } from '../../shared/contract.ts';
import { asError, type ChosenFile, type UploadProgress } from '../transport/host.ts';
import { datasets } from '../state/datasets.svelte.ts';
import { host, invoke } from '../state/engine-api.ts';
import { jobs } from '../state/jobs.svelte.ts';
import { Resource } from '../state/resource.svelte.ts';

export type Outcome = v.InferOutput<typeof ImportOutcome>;
export const steps = ['File', 'Map', 'Check', 'Import'] as const;
const ratingsFile = {
  name: 'Ratings',
  extensions: ['csv', 'tsv', 'txt', 'dat', 'data', 'gz', 'zip', 'parquet', 'json', 'jsonl', 'xlsx', 'inter'],
};
export const itemsFile = {
  name: 'Item titles',
  extensions: ['csv', 'tsv', 'txt', 'dat', 'item', 'gz', 'zip', 'parquet', 'json', 'jsonl', 'xlsx'],
};

/** What a refused check or import tells all the same. */
interface Refusal {
  accounting: Accounting;
  rejectKinds: Record<string, number>;
  rejects: Reject[];
  interpretations?: Interpretation[];
}

/** One fix of a group of rejected rows, and what was set before it. */
export interface Fix {
  title: string;
  before: ImportSettings;
}

class Wizard {
  step = $state(0);
  file = $state.raw<ChosenFile | null>(null);
  /** The second file, with titles and genres. */
  items = $state.raw<ChosenFile | null>(null);
  name = $state('');
  /** What the person chose; the engine guesses the rest. */
  settings = $state.raw<ImportSettings>({});
  upload = $state.raw<UploadProgress | null>(null);
  inspection = new Resource<Inspection>();
  job = $state<string | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  done = $state.raw<Outcome | null>(null);
  error = $state.raw<ErrorShape | null>(null);
  /** Fixes that are in force, in the order they were chosen. */
  fixes = $state.raw<Fix[]>([]);
  /** Roles that were taken over from an earlier file of the same header. */
  reused = $state.raw<string[]>([]);
  #abort: AbortController | null = null;

  /**
   * Guesses with the person's choices over them. A check and an import get the choices alone and guess the same again:
   * what is chosen is no guess, and would not be told.
   */
  get effective(): ImportSettings {
    return { ...this.inspection.value?.settings, ...this.settings };
  }
  get limit(): number {
    return this.effective.maxRejected ?? 5;
  }
  get accounting(): Accounting | null {
    return this.outcome?.accounting ?? this.refusal?.accounting ?? null;
  }
  /** What the check took for what; before it, what the sample was taken for. */
  get interpretations(): readonly Interpretation[] {
    return this.outcome?.interpretations ?? this.refusal?.interpretations ?? [];
  }
  get rejectedShare(): number {
    const { accounting } = this;
    return accounting && accounting.read > 0 ? accounting.rejected / accounting.read : 0;
  }
  get overLimit(): boolean {
    return this.rejectedShare * 100 > this.limit;
  }
  /** Whether another data set bears the name already. */
  get nameTaken(): boolean {
    return datasets.all.some((dataset) => dataset.name === this.name.trim());
  }

  async choose(dropped?: File): Promise<void> {
    await this.#take(async (progress, signal) => {
      const file = dropped
        ? await host().takeFile(dropped, progress, signal)
        : await host().openFile(ratingsFile, progress, signal);
      if (file) await this.open(file);
    });
  }

  /** A file that the engine can read already. */
  async open(file: ChosenFile): Promise<void> {
    this.reset(file);
    await this.inspect();
    await this.#recall();
  }

  /** The second file: titles, genres, year by item id. */
  async chooseItems(): Promise<void> {
    await this.#take(async (progress, signal) => {
      const items = await host().openFile(itemsFile, progress, signal);
      if (!items) return;
      this.items = items;
      await this.set({ items: items.path });
    });
  }

  async dropItems(): Promise<void> {
    this.items = null;
    await this.set({
      items: undefined,
      itemsId: undefined,
      itemsTitle: undefined,
      itemsGenres: undefined,
      itemsYear: undefined,
    });
  }

  async #take(
    work: (progress: (upload: UploadProgress) => void, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.error = null;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      await work((upload) => (this.upload = upload), abort.signal);
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) this.error = asError(thrown);
    } finally {
      this.upload = null;
    }
  }

  reset(file: ChosenFile | null = null): void {
    this.file = file;
    this.items = null;
    this.step = 0;
    this.name = file ? freeName(file.name.replace(/\.(gz|zip)$/i, '').replace(/\.[^.]+$/, '')) : '';
    this.settings = {};
    this.reused = [];
    this.fixes = [];
    this.inspection.clear();
    this.outcome = this.refusal = this.done = this.error = this.job = null;
  }

  async inspect(): Promise<void> {
    const { file, settings } = this;
    if (!file) return;
    await this.inspection.load(() => invoke('import.inspect', { path: file.path, settings }));
  }

  /** The mapping used last time for the same header, where it differs from what the file itself tells. */
  async #recall(): Promise<void> {
    const now = this.inspection.value;
    const header = now?.columns.map((column) => column.name) ?? [];
    if (!now || header.length === 0 || now.settings.header === false) return;
    const remembered: Result<'import.remembered'> = await invoke('import.remembered', { header });
    if (!remembered) return;
    const { user, item, rating, time, timeUnit, implicit } = remembered;
    const known = { user, item, rating, time, timeUnit, implicit };
    const other = Object.entries(known).filter(
      ([name, value]) => value !== undefined && value !== now.settings[name as keyof ImportSettings],
    );
    if (other.length === 0) return;
    this.settings = Object.fromEntries(other);
    this.reused = other.map(([name]) => name);
    await this.inspect();
  }

  /** Changes a setting and reads the preview again. */
  async set(changes: ImportSettings): Promise<void> {
    const next = { ...this.settings, ...changes };
    for (const key of Object.keys(next) as (keyof ImportSettings)[])
      if (next[key] === undefined) delete next[key];
    this.settings = next;
    this.reused = this.reused.filter((name) => !(name in changes));
    this.outcome = this.refusal = null;
    await this.inspect();
  }

  /** Fixes one group of rejected rows and reads every row again. */
  async fix(title: string, changes: ImportSettings): Promise<void> {
    this.fixes = [...this.fixes, { title, before: this.settings }];
    await this.set(changes);
    await this.check();
  }

  /** Decides otherwise than the engine guessed; without settings of its own the choice is among the columns. */
  async decide({ title, settings }: Remedy): Promise<void> {
    if (Object.keys(settings).length === 0) this.step = 1;
    else if (this.step === 2) await this.fix(title, settings);
    else await this.set(settings);
  }

  /** Takes back the fix chosen last. */
  async undoMend(): Promise<void> {
    const last = this.fixes.at(-1);
    if (!last) return;
    this.fixes = this.fixes.slice(0, -1);
    this.settings = last.before;
    await this.inspect();
    await this.check();
  }

  /** Reads every row; nothing is stored. The limit is looked at here, so that the whole account shows. */
  async check(): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.step = 2;
    this.outcome = this.refusal = this.error = null;
    const result = await this.#run(() =>
      invoke('import.check', { path: file.path, settings: { ...this.settings, maxRejected: 100 } }),
    );
    if (result) this.outcome = result;
  }

  /** Every rejected row as CSV: the check keeps the first hundred, so the file is read once more where there are more. */
  async saveRejects(): Promise<void> {
    const { file } = this;
    if (!file) return;
    const target = await host().saveFile(`${this.name} rejected.csv`, { name: 'CSV', extensions: ['csv'] });
    if (!target) return;
    const settings = { ...this.settings, maxRejected: 100, rejectsOut: target.path };
    const { job } = await invoke('import.check', { path: file.path, settings });
    try {
      await jobs.wait(job);
    } catch (thrown) {
      // A refusal has written its rows all the same.
      if (!isRefusal(asError(thrown).details)) throw thrown;
    }
    await target.deliver();
  }

  async start(): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.step = 3;
    this.error = null;
    const name = this.name.trim() || file.name;
    const result = await this.#run(() =>
      invoke('import.start', { path: file.path, name, settings: this.settings }),
    );
    if (!result) return;
    await datasets.refresh();
    this.done = result;
  }

  async #run(begin: () => Promise<{ job: string }>): Promise<Outcome | null> {
    try {
      const { job } = await begin();
      this.job = job;
      const result = (await jobs.wait(job)) as Outcome;
      return this.job === job ? result : null;
    } catch (thrown) {
      const error = asError(thrown);
      if (error.code === 'cancelled') return null;
      this.error = error;
      if (isRefusal(error.details)) this.refusal = error.details;
      return null;
    } finally {
      this.job = null;
    }
  }

  /** Stops what is under way; nothing is left behind. */
  async cancel(): Promise<void> {
    this.#abort?.abort();
    const { job } = this;
    this.job = null;
    if (job) await invoke('jobs.cancel', { job }).catch(() => undefined);
  }
}

/** The name, or with 2, 3 … where there is such a data set already. */
function freeName(name: string): string {
  const taken = new Set(datasets.all.map((dataset) => dataset.name));
  for (let k = 1; ; k += 1) {
    const candidate = k === 1 ? name : `${name} ${k}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function isRefusal(details: unknown): details is Refusal {
  return (
    typeof details === 'object' && details !== null && 'accounting' in details && 'rejectKinds' in details
  );
}

export const wizard = new Wizard();

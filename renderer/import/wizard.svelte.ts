/** What the import wizard knows: the file, what was guessed and changed, the check and the import under way. */
import type { Result } from '../../shared/contract.ts';
import type { Accounting, ImportOutcome, ImportSettings, Inspection, Reject } from '../../shared/imports.ts';
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
  extensions: ['csv', 'tsv', 'txt', 'dat', 'data', 'gz', 'zip', 'parquet', 'json', 'jsonl', 'inter'],
};

/** What a refused check or import tells all the same. */
interface Refusal {
  accounting: Accounting;
  rejectKinds: Record<string, number>;
  rejects: Reject[];
}

class Wizard {
  step = $state(0);
  file = $state.raw<ChosenFile | null>(null);
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
  reused = $state(false);
  #abort: AbortController | null = null;

  /** Guesses with the person's choices over them: what a check and an import use. */
  get effective(): ImportSettings {
    return { ...this.inspection.value?.settings, ...this.settings };
  }
  get limit(): number {
    return this.effective.maxRejected ?? 5;
  }
  get accounting(): Accounting | null {
    return this.outcome?.accounting ?? this.refusal?.accounting ?? null;
  }
  get rejectedShare(): number {
    const { accounting } = this;
    return accounting && accounting.read > 0 ? accounting.rejected / accounting.read : 0;
  }
  get overLimit(): boolean {
    return this.rejectedShare * 100 > this.limit;
  }

  async choose(dropped?: File): Promise<void> {
    this.error = null;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const progress = (upload: UploadProgress) => (this.upload = upload);
    try {
      const file = dropped
        ? await host().takeFile(dropped, progress, abort.signal)
        : await host().openFile(ratingsFile, progress, abort.signal);
      if (!file) return;
      this.reset(file);
      await this.inspect();
      await this.#recall();
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) this.error = asError(thrown);
    } finally {
      this.upload = null;
    }
  }

  reset(file: ChosenFile | null = null): void {
    this.file = file;
    this.step = 0;
    this.name = file ? file.name.replace(/\.(gz|zip)$/i, '').replace(/\.[^.]+$/, '') : '';
    this.settings = {};
    this.reused = false;
    this.inspection.clear();
    this.outcome = this.refusal = this.done = this.error = this.job = null;
  }

  async inspect(): Promise<void> {
    const { file, settings } = this;
    if (!file) return;
    await this.inspection.load(() => invoke('import.inspect', { path: file.path, settings }));
  }

  /** The mapping used last time for the same header. */
  async #recall(): Promise<void> {
    const header = this.inspection.value?.columns.map((column) => column.name) ?? [];
    if (header.length === 0 || this.inspection.value?.settings.header === false) return;
    const remembered: Result<'import.remembered'> = await invoke('import.remembered', { header });
    if (!remembered) return;
    const { user, item, rating, time, timeUnit, implicit } = remembered;
    const known = { user, item, rating, time, timeUnit, implicit };
    this.settings = Object.fromEntries(Object.entries(known).filter((entry) => entry[1] !== undefined));
    this.reused = true;
    await this.inspect();
  }

  /** Changes a setting and reads the preview again. */
  async set(changes: ImportSettings): Promise<void> {
    const next = { ...this.settings, ...changes };
    for (const key of Object.keys(next) as (keyof ImportSettings)[])
      if (next[key] === undefined) delete next[key];
    this.settings = next;
    this.outcome = this.refusal = null;
    await this.inspect();
  }

  /** Reads every row; nothing is stored. The limit is looked at here, so that the whole account shows. */
  async check(): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.step = 2;
    this.outcome = this.refusal = this.error = null;
    const result = await this.#run(() =>
      invoke('import.check', { path: file.path, settings: { ...this.effective, maxRejected: 100 } }),
    );
    if (result) this.outcome = result;
  }

  async start(): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.step = 3;
    this.error = null;
    const name = this.name.trim() || file.name;
    const result = await this.#run(() =>
      invoke('import.start', { path: file.path, name, settings: this.effective }),
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

function isRefusal(details: unknown): details is Refusal {
  return (
    typeof details === 'object' && details !== null && 'accounting' in details && 'rejectKinds' in details
  );
}

export const wizard = new Wizard();

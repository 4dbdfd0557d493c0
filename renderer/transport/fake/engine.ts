/** The state of the fake engine: data sets, runs that learn on a timer, jobs, settings, events. */
import type { RunConfig } from '../../../shared/config.ts';
import type { Dataset, Job, Result, Run, WorkbenchEvent } from '../../../shared/contract.ts';
import { WorkbenchError } from '../host.ts';
import { datasetOf } from './datasets.ts';
import { epochsOf, fakeRuns, makeRun, metricsFor, type FakeRun } from './runs.ts';
import { fingerprintOf, hashed } from './random.ts';
import type { FakeOptions } from './types.ts';

export class FakeEngine {
  datasets: Dataset[];
  runs = new Map<string, FakeRun>();
  settings: Result<'settings.get'>;
  #listeners = new Set<(event: WorkbenchEvent) => void>();
  #jobs = new Map<string, { job: Job; result: Promise<unknown> }>();
  #tick: number;

  constructor(datasets: Dataset[], options: FakeOptions) {
    this.datasets = datasets;
    this.#tick = options.tick ?? 0;
    this.settings = {
      theme: options.theme ?? 'system',
      threads: null,
      compute: 'auto',
      smallestInteresting: {},
      ui: {},
    };
    if (datasets.length > 0) for (const entry of fakeRuns(options.extraRuns ?? 0)) this.#add(entry);
    this.#countRuns();
    if (this.#tick > 0) setInterval(() => this.#learn(), this.#tick);
  }

  emit(event: WorkbenchEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dataset(id: string): Dataset {
    const found = this.datasets.find((dataset) => dataset.id === id || dataset.name === id);
    if (!found) {
      throw new WorkbenchError({
        code: 'no-data-set',
        message: `There is no data set ${id}.`,
        hint: 'Choose another.',
      });
    }
    return found;
  }

  addDataset(dataset: Dataset): void {
    this.datasets = [...this.datasets, dataset];
    this.emit({ event: 'datasets.changed', payload: { dataset: dataset.id } });
  }

  changeDataset(id: string, changes: Partial<Dataset>): Dataset {
    const changed = { ...this.dataset(id), ...changes };
    this.datasets = this.datasets.map((dataset) => (dataset.id === changed.id ? changed : dataset));
    this.emit({ event: 'datasets.changed', payload: { dataset: changed.id } });
    return changed;
  }

  removeDataset(id: string): void {
    this.datasets = this.datasets.filter((dataset) => dataset.id !== id);
    this.emit({ event: 'datasets.changed', payload: { dataset: id } });
  }

  run(id: string): FakeRun {
    const found = this.runs.get(id);
    if (!found) {
      throw new WorkbenchError({
        code: 'no-run',
        message: `There is no run ${id}.`,
        hint: 'It may be deleted.',
      });
    }
    return found;
  }

  change(id: string, changes: Partial<Run>): Run {
    const entry = this.run(id);
    entry.run = { ...entry.run, ...changes };
    this.emit({ event: 'runs.changed', payload: { run: id } });
    this.emit({ event: 'engine.changed', payload: this.state() });
    return entry.run;
  }

  remove(id: string): void {
    this.runs.delete(id);
    this.#countRuns();
    this.emit({ event: 'runs.changed', payload: { run: id } });
  }

  start(dataset: string, config: RunConfig | { model: string }, name: string | null | undefined): string {
    const number = Math.max(0, ...[...this.runs.values()].map((entry) => entry.run.number)) + 1;
    const parameters = 'parameters' in config ? (config.parameters ?? {}) : {};
    const busy = [...this.runs.values()].some((entry) => entry.run.status === 'running');
    const entry = makeRun(
      {
        name: name ?? `${config.model} ${number}`,
        model: config.model,
        score: 0.04 + hashed(JSON.stringify(config)) * 0.04,
        status: busy ? 'queued' : 'running',
        epoch: 0,
        epochs: 20,
        parameters,
        seed: 'seed' in config ? config.seed : 1,
        dataset,
      },
      number,
    );
    entry.run.datasetName = this.dataset(dataset).name;
    this.#add(entry);
    this.#countRuns();
    this.emit({ event: 'runs.changed', payload: { run: entry.run.id } });
    return entry.run.id;
  }

  stop(id: string): void {
    const { run } = this.run(id);
    if (run.status === 'running') this.#finish(id);
    else this.change(id, { status: 'cancelled' });
  }

  sameAs(
    dataset: string,
    config: { model: string; seed?: number; parameters?: Run['parameters'] },
  ): string | null {
    for (const { run } of this.runs.values()) {
      if (run.dataset !== dataset || run.model !== config.model || run.seed !== (config.seed ?? 1)) continue;
      if (Object.entries(config.parameters ?? {}).every(([name, value]) => run.parameters[name] === value))
        return run.id;
    }
    return null;
  }

  splitHash(dataset: string, name: string): string {
    return fingerprintOf(`${dataset} ${name}`);
  }

  state(): Result<'engine.state'> {
    const running = [...this.runs.values()].filter((entry) => entry.run.status === 'running');
    const first = running[0]?.run;
    return {
      status: first ? 'running' : 'idle',
      progress: first && first.epochs > 0 ? first.epoch / first.epochs : null,
      compute: 'fused, 2 threads',
      version: '0.1.0',
      dataDir: '/home/analyst/.local/share/recommender-workbench',
      node: '24.21.0',
      platform: 'linux x64',
      threads: 2,
      startedAt: Date.UTC(2026, 10, 20),
    };
  }

  doctor(): Result<'engine.doctor'> {
    return {
      versions: {
        workbench: '0.1.0',
        node: '24.21.0',
        tfjs: '4.22.0',
        libtensorflow: '2.15.1',
        sqlite: '3.51.0',
        duckdb: '1.5.5',
      },
      compute: [
        { engine: 'fused', loads: true, version: '0.1.0', detail: 'WASM SIMD, 2 threads', gflops: 116 },
        { engine: 'tensorflow', loads: true, version: '2.15.1', detail: 'libtensorflow.so.2', gflops: 271 },
        { engine: 'wasm', loads: true, version: '4.22.0', detail: 'tfjs WASM, SIMD', gflops: 38 },
        { engine: 'cpu', loads: true, version: '4.22.0', detail: 'tfjs, plain JavaScript', gflops: 0.4 },
      ],
      storage: { dataDir: this.state().dataDir, databaseBytes: 71_000_000, integrity: 'ok' },
    };
  }

  selfTest(): Result<'engine.selfTest'> {
    return {
      passed: true,
      versions: this.doctor().versions,
      platform: 'linux x64',
      checks: [
        { name: 'sample', outcome: 'passed', detail: '12000 ratings', seconds: 0.8 },
        { name: 'fused epoch', outcome: 'passed', detail: 'kernels, SIMD relaxed', seconds: 0.9 },
        {
          name: 'tensorflow',
          outcome: 'absent',
          detail: 'There is no library for this system.',
          seconds: 0.1,
        },
      ],
    };
  }

  jobs(): Job[] {
    const runs = [...this.runs.values()]
      .map((entry) => entry.run)
      .filter((run) => run.status === 'running' || run.status === 'queued')
      .map(jobOf);
    return [...this.#jobs.values()].map((entry) => entry.job).concat(runs);
  }

  startJob(kind: Job['kind'], title: string, result: () => unknown): { job: string } {
    const id = `job-${this.#jobs.size + 1}`;
    const job: Job = {
      id,
      kind,
      title,
      status: 'running',
      done: 40_000,
      total: 101_412,
      unit: 'rows',
      rate: 254_000,
      secondsLeft: 0.3,
      stage: 'reading',
      startedAt: Date.now(),
      error: null,
    };
    const ended = new Promise((resolve) => {
      setTimeout(
        () => {
          const value = result();
          const entry = this.#jobs.get(id);
          if (entry) entry.job = { ...entry.job, status: 'done', done: entry.job.total ?? 0, secondsLeft: 0 };
          this.emit({ event: 'jobs.changed', payload: entry?.job ?? job });
          resolve(value);
        },
        this.#tick > 0 ? 300 : 30,
      );
    });
    this.#jobs.set(id, { job, result: ended });
    this.emit({ event: 'jobs.changed', payload: job });
    return { job: id };
  }

  startSample(): { job: string } {
    return this.startJob('sample', 'Make the sample', () => {
      const dataset = datasetOf('sample', 'Sample (synthetic)', {
        sample: true,
        users: 1000,
        items: 800,
        ratings: 60_000,
      });
      if (!this.datasets.some((other) => other.id === 'sample')) this.addDataset(dataset);
      const first = this.runs.size;
      for (const [index, model] of ['popularity', 'bias', 'mf'].entries()) {
        const number = first + index + 1;
        this.#add(
          makeRun(
            { name: model.toUpperCase(), model, score: 0.03 + index * 0.01, dataset: 'sample' },
            number,
          ),
        );
        this.emit({ event: 'runs.changed', payload: { run: `run-${number}` } });
      }
      this.#countRuns();
      return { dataset };
    });
  }

  wait(id: string): Promise<unknown> {
    return this.#jobs.get(id)?.result ?? Promise.resolve({});
  }

  cancel(id: string): void {
    const entry = this.#jobs.get(id);
    if (entry) {
      entry.job = { ...entry.job, status: 'cancelled' };
      this.emit({ event: 'jobs.changed', payload: entry.job });
    } else this.stop(id);
  }

  search(text: string, titleOf: (item: string) => string): Result<'search'> {
    const wanted = text.toLowerCase();
    const first = this.datasets[0]?.id ?? null;
    const items = Array.from({ length: 30 }, (_, index) => String(index));
    return [
      ...this.datasets.map((dataset) => ({
        kind: 'dataset' as const,
        id: dataset.id,
        title: dataset.name,
        dataset: dataset.id,
      })),
      ...[...this.runs.values()].map(({ run }) => ({
        kind: 'run' as const,
        id: run.id,
        title: run.name,
        dataset: run.dataset,
      })),
      ...items.map((item) => ({ kind: 'item' as const, id: item, title: titleOf(item), dataset: first })),
      ...Array.from({ length: 943 }, (_, index) => ({
        kind: 'user' as const,
        id: String(index + 1),
        title: `User ${index + 1}`,
        dataset: first,
      })),
    ].filter((hit) => hit.title.toLowerCase().includes(wanted));
  }

  #add(entry: FakeRun): void {
    this.runs.set(entry.run.id, entry);
  }

  #countRuns(): void {
    this.datasets = this.datasets.map((dataset) => ({
      ...dataset,
      runs: [...this.runs.values()].filter((entry) => entry.run.dataset === dataset.id).length,
    }));
  }

  #learn(): void {
    for (const entry of this.runs.values()) {
      const { run } = entry;
      if (run.status !== 'running') continue;
      const next = run.epoch + 1;
      const epoch = epochsOf({ score: 0.066, epochs: run.epochs || 1, seconds: 4, seed: run.id }, next)[
        next - 1
      ];
      if (!epoch || next > run.epochs) {
        this.#finish(run.id);
        continue;
      }
      entry.epochs = [...entry.epochs, epoch];
      entry.run = {
        ...run,
        epoch: next,
        loss: epoch.loss,
        bestEpoch: next,
        metrics: { ...run.metrics, validation: epoch.validation },
        seconds: { ...run.seconds, train: run.seconds.train + epoch.seconds },
      };
      this.emit({ event: 'run.epoch', payload: { run: run.id, epoch } });
      this.emit({ event: 'jobs.changed', payload: jobOf(entry.run) });
      this.emit({ event: 'engine.changed', payload: this.state() });
    }
  }

  #finish(id: string): void {
    const { run } = this.run(id);
    const score = 0.04 + hashed(`${run.id}score`) * 0.03;
    this.change(id, {
      status: 'finished',
      metrics: { ...run.metrics, test: metricsFor(score, run.id) },
      interval: [score - 0.006, score + 0.006],
    });
    this.emit({ event: 'jobs.changed', payload: { ...jobOf(this.run(id).run), status: 'done' } });
    const waiting = [...this.runs.values()].find((entry) => entry.run.status === 'queued');
    if (waiting) this.change(waiting.run.id, { status: 'running' });
  }
}

function jobOf(run: Run): Job {
  const perEpoch = run.epoch > 0 ? run.seconds.train / run.epoch : null;
  return {
    id: run.id,
    kind: 'run',
    title: run.name,
    status: run.status === 'queued' ? 'queued' : 'running',
    done: run.epoch,
    total: run.epochs,
    unit: 'epochs',
    rate: run.examplesPerSecond,
    secondsLeft: perEpoch === null ? null : perEpoch * (run.epochs - run.epoch),
    stage: 'training',
    startedAt: run.startedAt ?? 0,
    error: null,
  };
}

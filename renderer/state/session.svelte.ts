/** Reads everything once, then follows the engine's events; also the theme. */
import type { ModelInfo, Result } from '../../shared/contract.ts';
import { asError } from '../transport/host.ts';
import { datasets } from './datasets.svelte.ts';
import { host, invoke, subscribe } from './engine-api.ts';
import { failures } from './failures.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { runs } from './runs.svelte.ts';
import { sweeps } from './sweeps.svelte.ts';
import { ui } from './ui.svelte.ts';

export type Settings = Result<'settings.get'>;
export type Theme = Settings['theme'];

class Session {
  engine = $state.raw<Result<'engine.state'> | null>(null);
  models = $state.raw<ModelInfo[]>([]);
  settings = $state.raw<Settings | null>(null);
  connected = $state(true);
  ready = $state(false);
  /** light or dark, as shown. */
  shade = $state<'light' | 'dark'>(document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');

  model(name: string): ModelInfo | null {
    return this.models.find((model) => model.name === name) ?? null;
  }

  async start(): Promise<void> {
    subscribe((event) => {
      if (event.event === 'runs.changed') runs.touch(event.payload.run);
      else if (event.event === 'run.epoch') runs.learn(event.payload.run, event.payload.epoch);
      else if (event.event === 'datasets.changed') void datasets.refresh();
      else if (event.event === 'sweeps.changed') sweeps.touch(event.payload.sweep);
      else if (event.event === 'jobs.changed') jobs.put(event.payload);
      else if (event.event === 'engine.changed') this.#follow(event.payload);
      else if (event.event === 'settings.changed') this.#take(event.payload);
    });
    let first = true;
    host().onConnection((connected) => {
      this.connected = connected;
      if (connected && !first) void this.#read();
      first = false;
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.applyTheme());
    try {
      const settings = await invoke('settings.get', {});
      this.#take(settings);
      ui.restore(settings.ui);
    } catch (thrown) {
      failures.latest = asError(thrown);
      ui.restore({});
    }
    await this.#read();
    this.ready = true;
  }

  /** An engine that was started again knows nothing of the jobs of the one before. */
  #follow(state: Result<'engine.state'>): void {
    const restarted = this.engine !== null && this.engine.startedAt !== state.startedAt;
    this.engine = state;
    if (restarted) void this.#read();
  }

  async #read(): Promise<void> {
    const [engine, models] = await Promise.allSettled([
      invoke('engine.state', {}),
      invoke('models.list', {}),
    ]);
    if (engine.status === 'fulfilled') this.engine = engine.value;
    if (models.status === 'fulfilled') this.models = models.value;
    else failures.latest = asError(models.reason);
    await Promise.allSettled([datasets.refresh(), runs.refresh(), sweeps.refresh(), jobs.refresh()]);
  }

  #take(settings: Settings): void {
    this.settings = settings;
    this.applyTheme();
  }

  /**
   * Does something after which the engine starts again, and waits for the next one.
   * @throws what `work` throws, or that there is no next one after a minute
   */
  async restarting<T>(work: () => Promise<T>): Promise<T> {
    const before = this.engine?.startedAt;
    const result = await work();
    for (let waited = 0; waited < 600; waited++) {
      const state = await invoke('engine.state', {}).catch(() => null);
      if (state && state.startedAt !== before) {
        this.#follow(state);
        return result;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('The engine has not started again. Close the workbench and open it once more.');
  }

  async set(changes: Partial<Settings>): Promise<void> {
    this.#take(await invoke('settings.set', { settings: changes }));
  }

  /** Sets the theme at once, without motion, and leaves it for the next first paint. */
  applyTheme(): void {
    const chosen = this.settings?.theme ?? 'system';
    try {
      localStorage.setItem('theme', chosen);
    } catch {
      // Storage may be switched off: the theme is then set after the settings are read.
    }
    const dark =
      chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    const shade = dark ? 'dark' : 'light';
    const root = document.documentElement;
    if (root.dataset['theme'] !== shade) {
      root.classList.add('still');
      root.dataset['theme'] = shade;
      requestAnimationFrame(() => root.classList.remove('still'));
    }
    this.shade = shade;
  }
}

export const session = new Session();

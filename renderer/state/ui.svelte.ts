/** What the window shows: screen, selections, views. Kept in `settings.ui`, so a restart finds it again. */
import { untrack } from 'svelte';
import type { RunConfig } from '../../shared/config.ts';
import type { Result } from '../../shared/contract.ts';
import { assignSlots } from '../../shared/figures/slots.ts';
import { invoke } from './engine-api.ts';
import { runs } from './runs.svelte.ts';

export const screens = ['datasets', 'new-run', 'runs', 'compare', 'inspect', 'settings'] as const;
export type Screen = (typeof screens)[number];

export const userLists = [
  'improved',
  'harmed',
  'disagree',
  'cold',
  'heavy',
  'random',
  'all',
  'golden',
] as const;
export type UserList = (typeof userLists)[number];

/** How many items of each run's list Inspect shows; 50 are stored. */
export const listLengths = ['10', '20', '50'] as const;

/** What New run starts. */
export const newRunModes = ['runs', 'sweep', 'tournament'] as const;
export type NewRunMode = (typeof newRunModes)[number];

/** What is kept, with its defaults. */
const initial = {
  screen: 'datasets' as Screen,
  dataset: null as string | null,
  splitShown: '80' as '80' | '90' | 'none',
  runDataset: null as string | null,
  newRunMode: 'runs' as NewRunMode,
  filter: '',
  views: [] as { name: string; filter: string }[],
  groupSeeds: true,
  differencesOnly: true,
  archivedRuns: false,
  /** Columns of the runs switched on or off by hand. */
  columns: {} as Record<string, boolean>,
  metric: null as string | null,
  sort: { column: 'metric', descending: true },
  /** The sweep or tournament whose page is shown instead of the table of runs. */
  sweep: null as string | null,
  selection: [] as string[],
  panel: true,
  panelWidth: 340,
  logLoss: true,
  smooth: 7,
  curveX: 'epoch' as 'epoch' | 'seconds' | 'samples',
  compare: [] as string[],
  compareMetric: null as string | null,
  tradeOff: 'coverage@10',
  inspectDataset: null as string | null,
  inspectRuns: [] as string[],
  list: 'improved' as UserList,
  top: '10' as (typeof listLengths)[number],
  user: null as string | null,
  item: null as string | null,
  /** Whether the history lies open in Inspect; null: where there is room for it. */
  historyOpen: null as string | null,
  settingsPage: 'engine',
  /** Slots of colour, dash and marker by run id. */
  slots: {} as Record<string, number>,
  importing: false,
  updatesLookedAt: 0,
  /** The newer version whose notice was put away. */
  updateSeen: '',
  /** An apostrophe goes before cells of CSV files that a spreadsheet takes for formulas. */
  safeForSpreadsheets: false,
};
type Kept = typeof initial;

class Ui {
  kept = $state<Kept>(structuredClone(initial));
  /** A configuration to start from, handed to New run by Clone. */
  draft = $state.raw<{
    config: RunConfig;
    from: string;
    changes: RunConfig['parameters'];
  } | null>(null);
  /** Groups of seeds whose runs are listed under them, by key. */
  openGroups = $state.raw<string[]>([]);
  /** The runs in the trash are shown, and no others. */
  trash = $state(false);
  /** Users that were chosen elsewhere: a slice, a bar, a point of a chart. Inspect lists them until another list is chosen. */
  among = $state.raw<{ title: string; found: Result<'inspect.users'>; total: number } | null>(null);
  saved = $state(true);
  #ready = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes what `settings.ui` kept; names it does not know are left out. */
  restore(stored: Record<string, unknown>): void {
    for (const key of Object.keys(initial) as (keyof Kept)[]) {
      const value = stored[key];
      if (sameKind(value, initial[key])) Object.assign(this.kept, { [key]: value });
    }
    const wanted = screenOf(location.hash);
    if (wanted) this.kept.screen = wanted;
    else history.replaceState(null, '', `#${this.kept.screen}`);
    this.#ready = true;
  }

  /** Stores a snapshot half a second after the last change. */
  keep(snapshot: Kept): void {
    if (!this.#ready) return;
    this.saved = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      invoke('settings.set', { settings: { ui: snapshot } }).then(
        () => (this.saved = true),
        () => (this.saved = false),
      );
    }, 500);
  }

  /** To the trash and back; what is chosen here is not there. */
  toggleTrash(): void {
    this.trash = !this.trash;
    this.kept.selection = [];
  }

  go(screen: Screen): void {
    this.kept.screen = screen;
    if (screenOf(location.hash) !== screen) history.pushState(null, '', `#${screen}`);
  }

  /** Opens a screen as it was left; asked for once more, its table instead of the page of a sweep. */
  visit(screen: Screen): void {
    if (this.kept.screen === screen) this.kept.sweep = null;
    this.go(screen);
  }

  /** The table of runs with some of them chosen. */
  showRuns(ids: readonly string[]): void {
    this.kept.sweep = null;
    this.kept.selection = [...ids];
    this.kept.panel = true;
    this.pin(ids);
    this.go('runs');
  }

  /** The page of a sweep or tournament. */
  openSweep(id: string): void {
    this.kept.sweep = id;
    this.go('runs');
  }

  /** Opens New run on a data set. */
  newRun(dataset: string | null, mode: NewRunMode = 'runs'): void {
    this.kept.runDataset = dataset;
    this.kept.newRunMode = mode;
    this.go('new-run');
  }

  followHash(): void {
    const wanted = screenOf(location.hash);
    if (wanted) this.kept.screen = wanted;
  }

  /** Gives each run a slot that it keeps while it is anywhere in use; frees the others. */
  pin(ids: readonly string[]): void {
    const { slots, selection, compare, inspectRuns } = this.kept;
    const used = [...new Set([...ids, ...selection, ...compare, ...inspectRuns])];
    const next = untrack(() =>
      assignSlots(
        used.map((id) => ({ id, baseline: runs.find(id)?.baseline ?? false })),
        slots,
      ),
    );
    if (JSON.stringify(next) !== JSON.stringify(slots)) this.kept.slots = next;
  }
}

function sameKind(value: unknown, like: unknown): boolean {
  if (value === undefined) return false;
  if (Array.isArray(like)) return Array.isArray(value);
  if (like === null) return value === null || typeof value === 'string';
  return typeof value === typeof like && value !== null;
}

function screenOf(hash: string): Screen | null {
  const name = hash.replace(/^#/, '').split('?')[0];
  return screens.find((screen) => screen === name) ?? null;
}

export const ui = new Ui();

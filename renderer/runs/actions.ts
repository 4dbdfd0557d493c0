/** What can be done to runs, one or many, with a way back where there is one. */
import type { RunConfig } from '../../shared/config.ts';
import type { Run, Unpinned } from '../../shared/contract.ts';
import { groupName } from '../../shared/seed-groups.ts';
import { comparisonKey } from '../lib/runs.ts';
import { bytes as bytesText, parameter, plural, words } from '../lib/format.ts';
import { invoke } from '../state/engine-api.ts';
import { attempt } from '../state/failures.svelte.ts';
import { runs } from '../state/runs.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { ui } from '../state/ui.svelte.ts';
import { confirm } from '../ui/confirm.svelte.ts';
import { prompt } from '../ui/prompt.svelte.ts';

const touch = (ids: readonly string[]) => ids.forEach((id) => runs.touch(id));

export async function stopRun(run: Run, when: 'epoch' | 'now'): Promise<void> {
  await attempt(() => invoke('runs.stop', { run: run.id, when }));
  runs.touch(run.id);
}

export async function resume(run: Run): Promise<void> {
  await attempt(() => invoke('runs.resume', { run: run.id }));
  runs.touch(run.id);
}

/** Asks for how many more epochs, and trains them as a new run. */
export async function continueRun(run: Run): Promise<void> {
  const text = await prompt({
    title: `Continue ${run.name}`,
    label: 'More epochs',
    value: String(run.epoch),
    hint: `A new run goes on after epoch ${run.epoch}, to the same figures as one run with all the epochs.`,
    verb: 'Continue training',
  });
  if (text === null) return;
  const epochs = Number(text);
  if (!Number.isSafeInteger(epochs) || epochs < 1 || epochs > 10_000) {
    toasts.show(`More epochs are a whole number from 1 to 10,000, not "${text}".`);
    return;
  }
  await attempt(async () => {
    const made = await invoke('runs.continue', { run: run.id, epochs });
    await runs.refresh();
    toasts.show(`${made.name} is queued`);
  });
}

/** A finished run that trained in epochs here. */
export function canContinue(run: Run): boolean {
  return run.status === 'finished' && run.epoch > 0 && 'epochs' in run.parameters;
}

/** A run, or the runs of a group of seeds, which keep their seeds behind the name. */
export async function renameRuns(group: readonly Run[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const single = group.length === 1;
  const old = single ? first.name : groupName(group);
  const title = single ? `Rename run ${first.number}` : `Rename ${plural(group.length, 'run')} of ${old}`;
  const name = await prompt({ title, label: 'Name', value: old, verb: 'Rename' });
  if (name === null || name === old) return;
  const rename = async (named: (run: Run) => string): Promise<void> => {
    for (const run of group) await invoke('runs.rename', { run: run.id, name: named(run) });
    touch(group.map((run) => run.id));
  };
  await attempt(async () => {
    await rename((run) => (single || run === first ? name : `${name} seed ${run.seed}`));
    toasts.show(`Renamed to ${name}`, () => rename((run) => run.name));
  });
}

/** One note for all runs of a group. */
export async function noteRuns(group: readonly Run[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const note = await prompt({
    title: `Note on ${group.length === 1 ? first.name : groupName(group)}`,
    label: 'Note',
    value: group.find((run) => run.note)?.note ?? '',
    verb: 'Save note',
    multiline: true,
    optional: true,
  });
  if (note === null) return;
  await attempt(async () => {
    for (const run of group) await invoke('runs.note', { run: run.id, note });
  });
  touch(group.map((run) => run.id));
}

/**
 * Tags of one run or group are written anew, of several they are added to; every run of a group gets them.
 * @param units how many rows of the table the runs are
 */
export async function tagRuns(chosen: readonly Run[], units = chosen.length): Promise<void> {
  const first = chosen[0];
  if (!first) return;
  const single = units === 1;
  const before = [...new Set(chosen.flatMap((run) => run.tags))];
  const text = await prompt({
    title: single
      ? `Tags of ${chosen.length === 1 ? first.name : groupName(chosen)}`
      : `Tag ${plural(units, 'row')}`,
    label: 'Tags, separated by commas',
    value: single ? before.join(', ') : '',
    hint: single ? 'Empty takes all tags away.' : 'They are added to the tags that each has.',
    verb: 'Save tags',
    optional: single,
  });
  if (text === null) return;
  const tags = [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ];
  /** Runs that come to the same tags are written together. */
  const write = async (of: (run: Run) => readonly string[]): Promise<void> => {
    for (const [list, same] of Map.groupBy(chosen, (run) => JSON.stringify(of(run))))
      await invoke('runs.tag', { runs: same.map((run) => run.id), tags: JSON.parse(list) as string[] });
    touch(chosen.map((run) => run.id));
  };
  await attempt(async () => {
    await write((run) => (single ? tags : [...new Set([...run.tags, ...tags])]));
    toasts.show(`Tagged ${plural(chosen.length, 'run')}`, () => write((run) => run.tags));
  });
}

/** Makes a run, and with it its group, the baseline of its data set and split; or none is. */
export async function pinRun(run: Run, pinned: boolean): Promise<void> {
  const before = runs.all.find((one) => one.pinned && comparisonKey(one) === comparisonKey(run));
  await attempt(async () => {
    await invoke('runs.pin', { run: run.id, pinned });
    await runs.refresh();
    toasts.show(
      pinned ? `${run.name} is the baseline of its data set and split` : `Unpinned ${run.name}`,
      () => (before ? pinRun(before, true) : pinRun(run, !pinned)),
    );
  });
}

export async function archiveRuns(chosen: readonly Run[], archived = true): Promise<void> {
  const ids = chosen.map((run) => run.id);
  await attempt(async () => {
    await invoke('runs.archive', { runs: ids, archived });
    await runs.refresh();
    if (archived) ui.kept.selection = ui.kept.selection.filter((id) => !ids.includes(id));
    toasts.show(`${archived ? 'Archived' : 'Restored'} ${plural(ids.length, 'run')}`, () =>
      archiveRuns(chosen, !archived),
    );
  });
}

/** Queues further seeds of a run's group: distinct ones, the next that it has not. */
export async function addSeeds(run: string, count = 3): Promise<void> {
  await attempt(async () => {
    const { runs: made, seeds } = await invoke('runs.addSeeds', { run, count });
    touch(made);
    toasts.show(`Queued ${plural(made.length, 'run')}: seeds ${seeds.join(', ')}`);
  });
}

/** Into the trash, or back out of it. */
export async function trashRuns(chosen: readonly Run[], trashed = true): Promise<void> {
  const ids = chosen.map((run) => run.id);
  await attempt(async () => {
    const { unpinned } = await invoke('runs.trash', { runs: ids, trashed });
    if (trashed) forget(ids);
    await runs.refresh();
    const words = trashed
      ? `Moved ${plural(ids.length, 'run')} to the trash`
      : `Restored ${plural(ids.length, 'run')}`;
    toasts.show(`${words}${unpinnedText(unpinned)}`, () => trashRuns(chosen, !trashed));
  });
}

/** For good. @param bytes what they take on the disk, where that is known */
export async function deleteRuns(chosen: readonly Run[], bytes: number | null): Promise<void> {
  const first = chosen[0];
  if (!first) return;
  const size = bytes === null ? '' : ` ${bytesText(bytes)} are freed.`;
  const yes = await confirm({
    title:
      chosen.length === 1
        ? `Delete ${first.name} for good`
        : `Delete ${plural(chosen.length, 'run')} for good`,
    text: `Metrics, lists, per-user values and weights are gone for good.${size}`,
    verb: `Delete ${plural(chosen.length, 'run')}`,
  });
  if (!yes) return;
  const ids = chosen.map((run) => run.id);
  await attempt(async () => {
    const { unpinned } = await invoke('runs.delete', { runs: ids });
    forget(ids);
    await runs.refresh();
    toasts.show(`Deleted ${plural(ids.length, 'run')}${unpinnedText(unpinned)}`);
  });
}

/** No screen shows them any more. */
function forget(ids: readonly string[]): void {
  const left = (list: string[]) => list.filter((id) => !ids.includes(id));
  ui.kept.selection = left(ui.kept.selection);
  ui.kept.compare = left(ui.kept.compare);
  ui.kept.inspectRuns = left(ui.kept.inspectRuns);
}

function unpinnedText(unpinned: Unpinned['unpinned']): string {
  const [first] = unpinned;
  return first ? `; ${first.name} was the baseline, none is pinned there now` : '';
}

/** Opens New run with this configuration; a failed run's error may bring a fixed one. */
export function clone(run: Run, changes: RunConfig['parameters'] = {}): void {
  const { seed: _seed, ...parameters } = run.parameters;
  ui.draft = { config: { ...run.config, parameters }, from: run.name, changes };
  ui.newRun(run.dataset);
}

/** Hyper-parameters that the engine proposes with an error; else a plain clone. */
export function fixOf(run: Run): { words: string; changes: RunConfig['parameters'] } | null {
  if (!run.error) return null;
  const { details } = run.error;
  if (typeof details === 'object' && details !== null && 'parameters' in details) {
    const changes = details.parameters as RunConfig['parameters'];
    const named = Object.entries(changes).map(([name, value]) => `${words(name)} ${parameter(value)}`);
    return { words: `Clone with ${named.join(', ')}`, changes };
  }
  return { words: 'Clone', changes: {} };
}

export function compareRuns(ids: readonly string[]): void {
  ui.kept.compare = [...ids].slice(0, 30);
  ui.pin(ui.kept.compare);
  ui.go('compare');
}

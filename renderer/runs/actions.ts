/** What can be done to runs, one or many, with a way back where there is one. */
import type { RunConfig } from '../../shared/config.ts';
import type { Run } from '../../shared/contract.ts';
import { parameter, plural, words } from '../lib/format.ts';
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

export async function renameRun(run: Run): Promise<void> {
  const name = await prompt({
    title: `Rename run ${run.number}`,
    label: 'Name',
    value: run.name,
    verb: 'Rename',
  });
  if (name === null || name === run.name) return;
  await attempt(async () => {
    await invoke('runs.rename', { run: run.id, name });
    runs.touch(run.id);
    toasts.show(`Renamed to ${name}`, async () => {
      await invoke('runs.rename', { run: run.id, name: run.name });
      runs.touch(run.id);
    });
  });
}

export async function noteRun(run: Run): Promise<void> {
  const note = await prompt({
    title: `Note on ${run.name}`,
    label: 'Note',
    value: run.note,
    verb: 'Save note',
    multiline: true,
    optional: true,
  });
  if (note === null) return;
  await attempt(() => invoke('runs.note', { run: run.id, note }));
  runs.touch(run.id);
}

/** Adds or takes away tags of several runs: `good -bad`. */
export async function tagRuns(chosen: readonly Run[]): Promise<void> {
  const first = chosen[0];
  if (!first) return;
  const single = chosen.length === 1;
  const text = await prompt({
    title: single ? `Tags of ${first.name}` : `Tag ${plural(chosen.length, 'run')}`,
    label: 'Tags, separated by commas',
    value: single ? first.tags.join(', ') : '',
    hint: single ? 'Empty takes all tags away.' : 'They are added to the tags that each run has.',
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
  await attempt(async () => {
    for (const run of chosen) {
      const next = single ? tags : [...new Set([...run.tags, ...tags])];
      await invoke('runs.tag', { runs: [run.id], tags: next });
    }
    touch(chosen.map((run) => run.id));
    toasts.show(`Tagged ${plural(chosen.length, 'run')}`, async () => {
      for (const run of chosen) await invoke('runs.tag', { runs: [run.id], tags: run.tags });
      touch(chosen.map((run) => run.id));
    });
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

export async function deleteRuns(chosen: readonly Run[]): Promise<void> {
  const first = chosen[0];
  if (!first) return;
  const yes = await confirm({
    title: chosen.length === 1 ? `Delete ${first.name}` : `Delete ${plural(chosen.length, 'run')}`,
    text: 'Metrics, lists, per-user values and weights are gone for good. Archive keeps them out of sight instead.',
    verb: `Delete ${plural(chosen.length, 'run')}`,
  });
  if (!yes) return;
  const ids = chosen.map((run) => run.id);
  await attempt(async () => {
    await invoke('runs.delete', { runs: ids });
    const left = (list: string[]) => list.filter((id) => !ids.includes(id));
    ui.kept.selection = left(ui.kept.selection);
    ui.kept.compare = left(ui.kept.compare);
    ui.kept.inspectRuns = left(ui.kept.inspectRuns);
    await runs.refresh();
    toasts.show(`Deleted ${plural(ids.length, 'run')}`);
  });
}

/** Opens New run with this configuration; a failed run's error may bring a fixed one. */
export function clone(run: Run, changes: RunConfig['parameters'] = {}): void {
  const { seed: _seed, ...parameters } = run.parameters;
  ui.draft = { dataset: run.dataset, config: { ...run.config, parameters }, from: run.name, changes };
  ui.go('new-run');
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

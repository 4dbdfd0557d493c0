/** What can be done to a data set, from its row, its side panel or the first start. */
import type { Dataset } from '../../shared/contract.ts';
import { listing, plural } from '../lib/format.ts';
import { host, invoke } from '../state/engine-api.ts';
import { attempt } from '../state/failures.svelte.ts';
import { datasets } from '../state/datasets.svelte.ts';
import { jobs } from '../state/jobs.svelte.ts';
import { runs } from '../state/runs.svelte.ts';
import { sweeps } from '../state/sweeps.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { ui } from '../state/ui.svelte.ts';
import { confirm } from '../ui/confirm.svelte.ts';
import { prompt } from '../ui/prompt.svelte.ts';

/** Makes the seeded sample with its finished runs, then shows it. */
export async function openSample(): Promise<void> {
  const known = datasets.live.find((dataset) => dataset.sample);
  if (known) {
    ui.kept.dataset = known.id;
    return;
  }
  await attempt(async () => {
    const { job } = await invoke('datasets.sample', { runs: true });
    await jobs.wait(job);
    await Promise.all([datasets.refresh(), runs.refresh()]);
    ui.kept.dataset = datasets.live.find((dataset) => dataset.sample)?.id ?? null;
    toasts.show('The sample is ready, its runs are training');
  });
}

export async function rename(dataset: Dataset): Promise<void> {
  const name = await prompt({ title: 'Rename data set', label: 'Name', value: dataset.name, verb: 'Rename' });
  if (name === null || name === dataset.name) return;
  await attempt(async () => {
    await invoke('datasets.rename', { dataset: dataset.id, name });
    await datasets.refresh();
    toasts.show(`Renamed to ${name}`, async () => {
      await invoke('datasets.rename', { dataset: dataset.id, name: dataset.name });
      await datasets.refresh();
    });
  });
}

export async function archive(dataset: Dataset, archived = !dataset.archived): Promise<void> {
  await attempt(async () => {
    await invoke('datasets.archive', { dataset: dataset.id, archived });
    await datasets.refresh();
    toasts.show(`${archived ? 'Archived' : 'Restored'} ${dataset.name}`, () => archive(dataset, !archived));
  });
}

/** Deletes once the chance to undo has gone. A data set that runs use is asked about first, and offered to the archive. */
export async function remove(dataset: Dataset): Promise<void> {
  const searches = sweeps.all.filter((sweep) => sweep.dataset === dataset.id).length;
  const used = dataset.runs + searches > 0;
  if (used) {
    const users = listing([
      ...(dataset.runs > 0 ? [plural(dataset.runs, 'run')] : []),
      ...(searches > 0 ? [plural(searches, 'sweep')] : []),
    ]);
    const yes = await confirm({
      title: `Delete ${dataset.name}`,
      text: `${users} ${dataset.runs + searches === 1 ? 'uses' : 'use'} it. Deleting takes them with it: metrics, lists, weights and trials are gone for good. Archive it instead to keep them.`,
      verb: `Delete with ${users}`,
    });
    if (!yes) return;
  }
  datasets.hide(dataset.id);
  if (ui.kept.dataset === dataset.id) ui.kept.dataset = null;
  const undo = () => {
    datasets.unhide(dataset.id);
    ui.kept.dataset = dataset.id;
  };
  toasts.show(`Deleted ${dataset.name}`, undo, async () => {
    const done = await attempt(() => invoke('datasets.delete', { dataset: dataset.id, withRuns: used }));
    if (done) await Promise.all([datasets.refresh(), runs.refresh(), sweeps.refresh()]);
    datasets.unhide(dataset.id);
  });
}

export async function exportAs(dataset: Dataset, format: 'csv' | 'parquet' | 'recbole'): Promise<void> {
  await attempt(async () => {
    const extension = { csv: 'csv', parquet: 'parquet', recbole: 'inter' }[format];
    const target = await host().saveFile(`${dataset.name}.${extension}`, {
      name: 'Ratings',
      extensions: [extension],
    });
    if (!target) return;
    const safeForSpreadsheets = format === 'csv' && ui.kept.safeForSpreadsheets;
    const { job } = await invoke('datasets.export', {
      dataset: dataset.id,
      path: target.path,
      format,
      safeForSpreadsheets,
    });
    const { files } = (await jobs.wait(job)) as { files: string[] };
    await target.deliver(files);
    toasts.show(`Exported ${dataset.name}, ${plural(dataset.ratings, 'rating')}`);
  });
}

/** A split for other tools: of a run, or one that is told. The files lie beside the `.json` that the person names. */
export async function exportSplit(
  dataset: Dataset,
  choice: { splitOf: string } | { split: { name: 'leave-last-out' | 'random' } },
): Promise<void> {
  await attempt(async () => {
    const target = await host().saveFile(`${dataset.name} split.json`, {
      name: 'Split',
      extensions: ['json'],
    });
    if (!target) return;
    const { safeForSpreadsheets } = ui.kept;
    const { job } = await invoke('datasets.exportSplit', {
      ...{ dataset: dataset.id, path: target.path, safeForSpreadsheets },
      ...choice,
    });
    const { written } = (await jobs.wait(job)) as { written: string[] };
    await target.deliver(written);
    toasts.show(`Wrote ${plural(written.length, 'file')}: train, validation, test, and how they were made`);
  });
}

/** Titles and genres from a second file, joined on the item id. */
export async function attachItems(dataset: Dataset): Promise<void> {
  await attempt(async () => {
    const file = await host().openFile({
      name: 'Item titles',
      extensions: ['csv', 'tsv', 'txt', 'dat', 'item'],
    });
    if (!file) return;
    const { matched, unmatched } = await invoke('datasets.attachItems', {
      dataset: dataset.id,
      path: file.path,
    });
    await datasets.refresh();
    toasts.show(`${plural(matched, 'item')} matched, ${unmatched} not in the file`);
  });
}

export async function downloadRejects(dataset: Dataset): Promise<void> {
  await attempt(async () => {
    const target = await host().saveFile(`${dataset.name} rejected.csv`, {
      name: 'CSV',
      extensions: ['csv'],
    });
    if (!target) return;
    const { safeForSpreadsheets } = ui.kept;
    const { rows } = await invoke('datasets.rejects', {
      dataset: dataset.id,
      path: target.path,
      safeForSpreadsheets,
    });
    await target.deliver();
    toasts.show(`Wrote ${plural(rows, 'rejected row')}`);
  });
}

/** Runs that leave for other machines and tools, and come from there. */
import type { Run } from '../../shared/contract.ts';
import { capsuleExtension } from '../../shared/openable.ts';
import type { RunDifference } from '../../shared/outside.ts';
import { plural } from '../lib/format.ts';
import { datasets } from '../state/datasets.svelte.ts';
import { host, invoke } from '../state/engine-api.ts';
import { attempt } from '../state/failures.svelte.ts';
import { jobs } from '../state/jobs.svelte.ts';
import { runs } from '../state/runs.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { ui } from '../state/ui.svelte.ts';

const capsuleKind = { name: 'Run capsule', extensions: [capsuleExtension] };

export async function exportCapsule(chosen: readonly Run[], withDataset: boolean): Promise<void> {
  const [first] = chosen;
  if (!first) return;
  await attempt(async () => {
    const name = chosen.length === 1 ? first.name : plural(chosen.length, 'run');
    const target = await host().saveFile(`${name}.${capsuleExtension}`, capsuleKind);
    if (!target) return;
    const { job } = await invoke('capsules.export', {
      ...{ runs: chosen.map((run) => run.id), path: target.path, withDataset },
    });
    await jobs.wait(job);
    await target.deliver();
    toasts.show(`Exported ${plural(chosen.length, 'run')} as a capsule`);
  });
}

/** @param path of a file that is at hand; without it the person is asked */
export async function openCapsule(path?: string): Promise<void> {
  await attempt(async () => {
    const file = path ?? (await host().openFile(capsuleKind))?.path;
    if (file === undefined) return;
    const { job } = await invoke('capsules.import', { path: file });
    const opened = (await jobs.wait(job)) as { runs: string[]; datasets: string[] };
    await Promise.all([runs.refresh(), datasets.refresh()]);
    ui.kept.runDataset = null;
    ui.kept.selection = opened.runs;
    ui.pin(opened.runs);
    ui.go('runs');
    const data = opened.datasets.length > 0 ? `, with ${plural(opened.datasets.length, 'data set')}` : '';
    toasts.show(`Opened ${plural(opened.runs.length, 'run')}${data}`);
  });
}

export interface Rerun {
  readonly of: Run;
  readonly run: string;
  readonly same: boolean;
  readonly differs: readonly RunDifference[];
}

/** Trains a run again; null where that failed, which is shown. */
export async function rerun(run: Run): Promise<Rerun | null> {
  return attempt(async () => {
    const { run: again, job } = await invoke('runs.rerun', { run: run.id });
    runs.touch(again);
    toasts.show(`Training ${run.name} again`);
    const result = (await jobs.wait(job)) as Omit<Rerun, 'of'>;
    runs.touch(again);
    return { of: run, ...result };
  });
}

/** Each run's model.json, weights.bin, .npy and CSV files, in the folder that is chosen by naming one of them. */
export async function exportWeights(run: Run): Promise<void> {
  await attempt(async () => {
    const target = await host().saveFile('model.json', { name: 'Weights', extensions: ['json'] });
    if (!target) return;
    const { written } = await invoke('runs.exportWeights', { run: run.id, path: target.path });
    await target.deliver(written);
    toasts.show(`Wrote ${plural(written.length, 'file')} of weights`);
  });
}

/** What can be done to a sweep. */
import type { SweepDetail, SweepSummary } from '../../shared/sweeps.ts';
import { plural } from '../lib/format.ts';
import { invoke } from '../state/engine-api.ts';
import { attempt } from '../state/failures.svelte.ts';
import { runs } from '../state/runs.svelte.ts';
import { sweeps } from '../state/sweeps.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { ui } from '../state/ui.svelte.ts';
import { WorkbenchError } from '../transport/host.ts';
import { confirm } from '../ui/confirm.svelte.ts';
import { prompt } from '../ui/prompt.svelte.ts';

/** `finish`: no more trials, and the end with what there is; `now`: no end either. */
export async function stopSweep({ id, name }: SweepSummary, when: 'finish' | 'now'): Promise<void> {
  await attempt(async () => {
    await invoke('sweeps.stop', { sweep: id, when });
    toasts.show(
      when === 'now'
        ? `Stopping ${name}`
        : `${name} begins no more trials; it ends with those that are under way`,
    );
  });
}

/** More trials, or minutes where the budget is in minutes. */
export async function extendSweep({ id, name, budget }: SweepSummary): Promise<void> {
  const unit = budget.minutes === null ? 'trials' : 'minutes';
  const given = await prompt({
    title: `Extend ${name}`,
    label: `How many more ${unit}`,
    value: unit === 'trials' ? '20' : '10',
    verb: 'Extend',
    hint: 'What was found so far stays, and guides what is tried next.',
  });
  if (given === null) return;
  await attempt(async () => {
    const more = Number(given.trim());
    const isRight = unit === 'trials' ? Number.isInteger(more) && more <= 10_000 : more <= 10_080;
    if (!(more > 0 && isRight))
      throw new WorkbenchError({
        code: 'invalid-number',
        message: `Found ${given}, expected a number of ${unit} above 0.`,
        hint: `Write how many more ${unit} it may take, as in 20.`,
      });
    await invoke('sweeps.extend', { sweep: id, [unit]: more });
    toasts.show(`Extended ${name}`);
  });
}

/** Goes on with one that was stopped or interrupted before it was tested. */
export async function resumeSweep({ id }: SweepSummary): Promise<void> {
  await attempt(() => invoke('sweeps.extend', { sweep: id }));
}

export async function deleteSweep({ id, kind, name, trials }: SweepSummary): Promise<void> {
  const yes = await confirm({
    title: `Delete ${name}?`,
    text: `Its ${plural(trials, 'trial')} are deleted with their curves. Runs that were trained at its end stay. This cannot be undone.`,
    verb: `Delete ${kind}`,
  });
  if (!yes) return;
  await attempt(async () => {
    await invoke('sweeps.delete', { sweep: id });
    ui.kept.sweep = null;
    await sweeps.refresh();
    toasts.show(`Deleted ${name}`);
  });
}

/**
 * The best configuration as ordinary runs, one a seed: on train + validation, tested once. The seeds are those of the
 * sweep and what follows them.
 */
export async function trainBest({ summary, config, entries }: SweepDetail): Promise<void> {
  const best = entries[0]?.best;
  if (!best) return;
  const given = await prompt({
    title: 'Train the best configuration',
    label: 'Seeds',
    value: '3',
    verb: 'Train and test',
    hint: 'One run a seed on train and validation, each tested once. Extend the sweep before, not after: who knows test figures chooses by them.',
  });
  if (given === null) return;
  await attempt(async () => {
    const count = Number(given.trim());
    if (!(Number.isInteger(count) && count >= 1 && count <= 20))
      throw new WorkbenchError({
        code: 'invalid-number',
        message: `Found ${given}, expected a whole number from 1 to 20.`,
        hint: 'Three seeds show how much is luck.',
      });
    const name = `${summary.name}, best`;
    const { runs: started } = await invoke('runs.start', {
      dataset: summary.dataset,
      name,
      group: name,
      configs: Array.from({ length: count }, (_, seed) => ({
        ...config,
        parameters: { ...config.parameters, ...best.parameters },
        evaluation: { ...config.evaluation, target: summary.metric },
        seed: config.seed + seed,
        refit: config.split.validation === 'auto',
      })),
    });
    for (const run of started) runs.touch(run);
    ui.showRuns(started);
    toasts.show(`Started ${plural(started.length, 'run')}`);
  });
}

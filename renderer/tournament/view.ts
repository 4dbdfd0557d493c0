/** What the page of a tournament shows, from what the engine says of it. */
import type {
  ModelInfo,
  SweepDetail,
  SweepEntry,
  SweepTrial,
  TournamentOutcome,
} from '../../shared/contract.ts';
import { pairOf } from '../../shared/comparison/view.ts';
import { assignSlots } from '../../shared/figures/slots.ts';
import { direction } from '../lib/metrics.ts';
import { count, duration, listing, lowerFirst, parameter, plural, words } from '../lib/format.ts';

/** Colour, dash and marker of each model: those of its first run where there is one, else the first of its kind. */
export function slotsOf(
  entries: readonly { readonly model: string }[],
  isBaseline: (model: string) => boolean,
): Record<string, number> {
  return assignSlots(entries.map(({ model }) => ({ id: model, baseline: isBaseline(model) })));
}

/** "10 minutes", "30 trials of each model" */
export function budgetText({ minutes, trials }: SweepDetail['summary']['budget']): string {
  return minutes === null ? `${plural(trials ?? 0, 'trial')} of each model` : plural(minutes, 'minute');
}

/** "embedding size 64, learning rate .05": figures of three digits, which tell configurations apart. */
export function configurationText(
  parameters: SweepTrial['parameters'],
  model: Pick<ModelInfo, 'parameters'> | null,
): string {
  const parts = Object.entries(parameters).map(([name, value]) => {
    const title = model?.parameters.find((schema) => schema.name === name)?.title;
    return `${title === undefined ? words(name) : lowerFirst(title)} ${shortParameter(value)}`;
  });
  return parts.length > 0 ? parts.join(', ') : 'nothing to tune';
}

export function shortParameter(value: SweepTrial['parameters'][string] | undefined): string {
  const isLong = typeof value === 'number' && !Number.isInteger(value);
  return parameter(isLong ? Number(value.toPrecision(3)) : value);
}

/** What a model is doing: "trial 5, epoch 12"; "waits" where another model has its turn. */
export function doingText({ trials }: SweepEntry): string {
  const running = trials.find(({ status }) => status === 'running');
  if (running) return `trial ${running.index + 1}${running.epochs > 0 ? `, epoch ${running.epochs}` : ''}`;
  return trials.some(({ status }) => status === 'queued') ? 'next in the queue' : 'waits for its turn';
}

/** The best figure after each trial, in the order in which they began. */
export function bestSoFar({ trials }: SweepEntry, metric: string): { x: number; y: number }[] {
  const sign = direction(metric);
  let best: number | null = null;
  return trials.flatMap(({ index, validation }) => {
    if (validation === null) return [];
    if (best === null || sign * (validation - best) > 0) best = validation;
    return [{ x: index + 1, y: best }];
  });
}

/** The model that leads on validation; null before there is a figure. */
export function leaderOf(entries: readonly SweepEntry[], metric: string): SweepEntry | null {
  const sign = direction(metric);
  return entries.reduce<SweepEntry | null>((leader, entry) => {
    if (!entry.best) return leader;
    return !leader?.best || sign * (entry.best.validation - leader.best.validation) > 0 ? entry : leader;
  }, null);
}

/** One sentence on how far tuning is. */
export function tuningSentence(entries: readonly SweepEntry[], metricTitle: string, metric: string): string {
  const trials = entries.reduce((sum, entry) => sum + entry.trials.length, 0);
  const waiting = entries.filter(({ best }) => best === null).map(({ title }) => title);
  const leader = leaderOf(entries, metric);
  if (!leader) return 'No model has a validation figure yet.';
  const rest =
    waiting.length === 0 ? '' : ` ${listing(waiting)} ${waiting.length === 1 ? 'has' : 'have'} none yet.`;
  return `${leader.title} leads on validation ${metricTitle} after ${count(trials)} trials; who leads now need not win the test.${rest}`;
}

/** By how much the first is ahead of another, above 0 where it is better; null where they are no pair. */
export function leadOver(
  outcome: TournamentOutcome,
  group: string,
): { ahead: number; interval: [number, number]; adjusted: number } | null {
  const first = outcome.entries[0]?.group;
  const pair = first && first !== group ? pairOf(outcome, group, first, outcome.metric) : null;
  if (!pair) return null;
  const { difference, interval, adjusted } = pair;
  const isTurned = direction(outcome.metric) < 0;
  const [low, high] = interval;
  return {
    ...{ ahead: isTurned ? -difference : difference, adjusted },
    interval: isTurned ? [-high, -low] : [low, high],
  };
}

/** The groups of users on which the first does worst against the second, the worst first; all users are left out. */
export function weakest(outcome: TournamentOutcome, most: number): TournamentOutcome['slices'] {
  const sign = direction(outcome.metric);
  return outcome.slices
    .filter(({ kind }) => kind !== 'all')
    .toSorted((a, b) => sign * (a.difference - b.difference))
    .slice(0, most);
}

/** How it was found, in one line. */
export function methodText({ summary }: SweepDetail, outcome: TournamentOutcome): string {
  const [pair] = outcome.pairs;
  const pairs = outcome.pairs.length;
  // Fewer than were asked for where the time did not allow all.
  const seeds = Math.max(1, ...outcome.entries.map(({ runs }) => runs.length));
  const parts = [
    `Tuned on validation alone, ${budgetText(summary.budget)}, the same for every model`,
    `the best of each tested once, with ${seeds > 1 ? 'up to ' : ''}${plural(seeds, 'seed')}`,
    ...(pair ? [`${pair.method}${pairs > 1 ? `, Holm over ${pairs} pairs` : ''}`] : []),
  ];
  return `${parts.join('; ')}. It took ${duration(summary.seconds)}.`;
}

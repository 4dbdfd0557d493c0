/** Tools on sweeps and tournaments, golden users and capsules. */
import * as v from 'valibot';
import { RunConfig, SplitConfig } from '../../../shared/config.ts';
import { byName, id, list, name, path, seed, text, whole } from '../../../shared/fields.ts';
import { goldenMethods } from '../../../shared/golden.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import { minutes, searchKinds, type SweepDetail, type SweepTrial } from '../../../shared/sweeps.ts';
import { dataset, metric, run, runs, said } from './fields.ts';
import { tool, type Tool } from './tool.ts';

const sweep = said(id, 'id or name of a sweep or tournament, from list_sweeps');
const trials = said(v.optional(v.nullable(whole(1, 10_000)), null), 'budget in trials (of each model)');
const time = said(
  v.optional(v.nullable(minutes), null),
  'budget in minutes for everything, instead of trials',
);

/** Trials of each model are many: the best ones, and how many there are. */
function brief(detail: SweepDetail, limit: number): Record<string, unknown> {
  const { entries, ...rest } = detail;
  return {
    ...rest,
    entries: entries.map(({ trials: all, ...entry }) => ({
      ...entry,
      trials: all.length,
      bestTrials: ranked(all, detail.summary.metric).slice(0, limit),
    })),
  };
}

/** The best first, as the search ranks them: by rung, and by figure there; those without a figure last. */
function ranked(all: readonly SweepTrial[], metric: string): SweepTrial[] {
  const figure = ({ rungs }: SweepTrial): number => metricDirection(metric) * (rungs.at(-1) ?? 0);
  return [...all].sort(
    (a, b) => b.rungs.length - a.rungs.length || figure(b) - figure(a) || a.index - b.index,
  );
}

export const searchReadTools: readonly Tool[] = [
  tool({
    name: 'list_sweeps',
    title: 'List sweeps and tournaments',
    description:
      'Searches for the best configuration of a model (sweep) or the best model (tournament), with their state, budget and number of trials.',
    input: v.object({ dataset: v.optional(v.nullable(dataset), null) }),
    writes: false,
    run: async (host, input) => ({ sweeps: await host.invoke('sweeps.list', input) }),
  }),
  tool({
    name: 'get_sweep',
    title: 'Show a sweep or tournament',
    description:
      'How far it is, its spaces, best trials, importance of hyper-parameters, and at its end the ranking or the tested runs. Figures of trials are of the validation part; there are no test figures before the end. Quote the sentence of a tournament as it stands.',
    input: v.object({ sweep, limit: said(v.optional(whole(1, 1000), 20), 'trials of each model at most') }),
    writes: false,
    run: async (host, { sweep: of, limit }) => brief(await host.invoke('sweeps.get', { sweep: of }), limit),
  }),
  tool({
    name: 'list_golden_users',
    title: 'List golden users',
    description: 'People whose lists must hold some items or genres, or must not, and what they expect.',
    input: v.object({ dataset: v.optional(v.nullable(dataset), null) }),
    writes: false,
    run: async (host, input) => ({ golden: await host.invoke('golden.list', input) }),
  }),
  tool({
    name: 'golden_results',
    title: 'Results of golden users',
    description: 'Which golden users pass and fail with each run, as far as they were checked.',
    input: v.object({ runs: runs(1, 100) }),
    writes: false,
    run: async (host, input) => ({ checks: await host.invoke('golden.results', input) }),
  }),
];

export const searchWriteTools: readonly Tool[] = [
  tool({
    name: 'start_sweep',
    title: 'Start a sweep',
    description:
      'Searches for the best hyper-parameters of one model by validation figures alone, and returns a job for wait_for. Without space the model looks where it usually does. With finalSeeds the best is then trained on train + validation and tested once, after which nothing can be added.',
    input: v.object({
      dataset,
      config: said(RunConfig, 'model, split, candidates, what is fixed, first seed'),
      name: v.optional(v.nullable(name), null),
      space: said(
        v.optional(v.nullable(byName(text(), 50)), null),
        'by hyper-parameter: values (a,b,c) or a range (lo..hi, log:lo..hi, int:lo..hi)',
      ),
      search: said(v.optional(v.nullable(v.picklist(searchKinds)), null), 'null: what fits'),
      trials,
      minutes: time,
      seeds: said(v.optional(whole(1, 20), 1), 'seeds a trial'),
      finalSeeds: said(v.optional(whole(0, 20), 0), 'seeds of the test at the end; 0: no test'),
    }),
    writes: true,
    run: (host, input) => host.invoke('sweeps.start', input),
  }),
  tool({
    name: 'start_tournament',
    title: 'Start a tournament',
    description:
      'Finds the best model: every model gets the same budget on validation, the best of each is trained with several seeds and tested once. Returns a job for wait_for; its page and get_sweep have the ranking.',
    input: v.object({
      dataset,
      name: v.optional(v.nullable(name), null),
      models: said(
        v.optional(v.nullable(v.pipe(list(text(200), 50), v.minLength(1))), null),
        'names from list_models; null: all that fit',
      ),
      trials,
      minutes: time,
      finalSeeds: v.optional(whole(1, 20), 3),
      metric,
      seed: v.optional(seed, 1),
      split: v.optional(SplitConfig, {}),
    }),
    writes: true,
    run: (host, input) => host.invoke('sweeps.tournament', input),
  }),
  tool({
    name: 'stop_sweep',
    title: 'Stop a sweep or tournament',
    description: 'finish: no more trials, the end with what there is; now: no end either.',
    input: v.object({ sweep, when: v.optional(v.picklist(['finish', 'now']), 'finish') }),
    writes: true,
    run: (host, input) => host.invoke('sweeps.stop', input),
  }),
  tool({
    name: 'extend_sweep',
    title: 'Extend a sweep or tournament',
    description:
      'More trials (of each model) or minutes. Refused once it was tested: what is tried then would be chosen with the test known.',
    input: v.object({
      sweep,
      trials: v.optional(whole(0, 10_000), 0),
      minutes: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10_080)), 0),
    }),
    writes: true,
    run: (host, input) => host.invoke('sweeps.extend', input),
  }),
  tool({
    name: 'add_golden_user',
    title: 'Add a golden user',
    description:
      'Keeps a person, by user id or by a history, whose lists must hold some items or genres, or must not. All finished runs are checked.',
    input: goldenMethods['golden.add'][0],
    writes: true,
    run: (host, input) => host.invoke('golden.add', input),
  }),
  tool({
    name: 'check_golden_users',
    title: 'Check golden users',
    description: 'Checks a run against all golden users of its data set, and keeps the results.',
    input: v.object({ run }),
    writes: true,
    run: (host, input) => host.invoke('golden.check', input),
  }),
  tool({
    name: 'export_capsule',
    title: 'Export a capsule',
    description:
      'Writes runs with configuration, figures, lists and weights into one file that opens on another machine; returns a job.',
    input: v.object({
      runs: runs(1, 1000),
      path: said(path, 'whole path of the file to write'),
      withDataset: said(v.optional(v.boolean(), false), 'the ratings too'),
    }),
    writes: true,
    run: (host, input) => host.invoke('capsules.export', input),
  }),
  tool({
    name: 'open_capsule',
    title: 'Open a capsule',
    description: 'Opens a capsule that was made on another machine, and adds its runs; returns a job.',
    input: v.object({ path: said(path, 'whole path of the capsule') }),
    writes: true,
    run: (host, input) => host.invoke('capsules.import', input),
  }),
];

/** Tools that change nothing: what there is, which run is better, what people would get and why. */
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { EvaluationConfig, RunConfig, runStatuses, SplitConfig } from '../../../shared/config.ts';
import type { Run } from '../../../shared/contract.ts';
import { entity, figure, id, list, text, whole } from '../../../shared/fields.ts';
import { dataset, item, metric, run, runs, said, top, user } from './fields.ts';
import { tool, type Tool } from './tool.ts';

/** Seconds that one call waits for a job: clients give up after a minute. */
const WAIT = 45;

/** A run in a list: what tells it from others, and its figure. */
function brief(of: Run): Record<string, unknown> {
  const { metrics, target } = of;
  return {
    id: of.id,
    number: of.number,
    name: of.name,
    model: of.model,
    dataset: of.datasetName,
    split: of.split,
    status: of.status,
    seed: of.seed,
    parameters: of.parameters,
    target,
    test: metrics.test[target] ?? null,
    validation: metrics.validation[target] ?? null,
    epoch: of.epoch,
    epochs: of.epochs,
    tags: of.tags,
    error: of.error,
  };
}

const experiments: readonly Tool[] = [
  tool({
    name: 'list_datasets',
    title: 'List data sets',
    description: 'Data sets in the workbench with their size, scale and time span.',
    input: v.object({}),
    writes: false,
    run: async (host) => ({ datasets: await host.invoke('datasets.list', {}) }),
  }),
  tool({
    name: 'describe_dataset',
    title: 'Describe a data set',
    description:
      'Profile of one data set: activity of users, long tail of items, ratings over time, warnings, and how its import was accounted for.',
    input: v.object({ dataset }),
    writes: false,
    run: (host, input) => host.invoke('datasets.get', input),
  }),
  tool({
    name: 'list_models',
    title: 'List models',
    description: 'Models that can be trained, with their hyper-parameters, defaults, effects and presets.',
    input: v.object({}),
    writes: false,
    run: async (host) => ({ models: await host.invoke('models.list', {}) }),
  }),
  tool({
    name: 'preview_split',
    title: 'Preview a split',
    description: 'How a data set would be split into train, validation and test, and what that split leaks.',
    input: v.object({
      dataset,
      split: v.optional(SplitConfig, {}),
      evaluation: v.optional(EvaluationConfig, {}),
    }),
    writes: false,
    run: (host, input) => host.invoke('splits.preview', input),
  }),
  tool({
    name: 'predict_cost',
    title: 'Predict the cost of runs',
    description:
      'Seconds and memory that training each configuration would take, and whether it was run before.',
    input: v.object({ dataset, configs: v.pipe(list(RunConfig, 100), v.minLength(1)) }),
    writes: false,
    run: async (host, input) => ({ predictions: await host.invoke('runs.predict', input) }),
  }),
  tool({
    name: 'list_runs',
    title: 'List runs',
    description: 'Runs, the latest first, each with its figure of the metric that chose its epoch.',
    input: v.object({
      dataset: v.optional(v.nullable(dataset), null),
      status: v.optional(v.nullable(v.picklist(runStatuses)), null),
      limit: said(v.optional(whole(1, 500), 50), 'how many at most'),
    }),
    writes: false,
    async run(host, { dataset: of, status, limit }) {
      const all = await host.invoke('runs.list', { dataset: of });
      const found = all.filter((each) => status === null || each.status === status).reverse();
      return { total: found.length, runs: found.slice(0, limit).map(brief) };
    },
  }),
  tool({
    name: 'get_run',
    title: 'Show a run',
    description: 'One run whole: configuration, every metric, its epochs, what computed it, and its notes.',
    input: v.object({ run }),
    writes: false,
    async run(host, input) {
      const { run: found, epochs } = await host.invoke('runs.get', input);
      return { run: found, epochs };
    },
  }),
  tool({
    name: 'compare_runs',
    title: 'Compare runs',
    description:
      'Which of 2 to 30 runs (or groups of seeds) is better, by how much, for whom: a verdict in words, paired differences with 95 % intervals and p after Holm, the worst slice, and notes on what makes the figures doubtful. Quote the verdict as it stands: it says "cannot be told apart" where that is so. Runs of unlike data, splits or candidates come back with comparable false.',
    input: v.object({
      runs: runs(2, 100),
      metric,
      everyMetric: said(
        v.optional(v.boolean(), false),
        'pairs for every metric that the runs share, not the verdict alone',
      ),
      intervals: said(
        v.optional(v.picklist(['normal', 'bootstrap']), 'normal'),
        'how 95 % intervals are found',
      ),
    }),
    writes: false,
    async run(host, { everyMetric, ...input }) {
      const { exposure: _, ...result } = await host.invoke('compare', {
        ...input,
        pairs: everyMetric ? 'all' : 'verdict',
      });
      return result;
    },
  }),
  tool({
    name: 'fairness_and_exposure',
    title: 'Fairness and exposure',
    description:
      'Who and what runs serve: share of long-tail items, equal chances of popular and seldom items (PopRSP, PopREO), exposure against relevance, recall and DCG with popularity taken off (SNIPS), and the metric by group of users. Each comes with its definition.',
    input: v.object({ runs: runs(2, 100), metric }),
    writes: false,
    run: (host, input) => host.invoke('compare.exposure', input),
  }),
];

const people: readonly Tool[] = [
  tool({
    name: 'search',
    title: 'Search',
    description: 'Data sets, runs, users and items whose id or title has a text in it.',
    input: v.object({ text: text(1000), limit: v.optional(whole(1, 100), 20) }),
    writes: false,
    run: async (host, input) => ({ found: await host.invoke('search', input) }),
  }),
  tool({
    name: 'find_users',
    title: 'Find users',
    description:
      'Users of a data set: those most improved or harmed by the second of two runs, those on whom runs disagree, cold or heavy ones, or random ones.',
    input: v.object({
      dataset,
      runs: said(v.optional(list(id, 30), []), 'two runs for improved, harmed and disagree'),
      list: v.picklist(['all', 'improved', 'harmed', 'disagree', 'cold', 'heavy', 'random']),
      metric,
      limit: v.optional(whole(1, 200), 20),
    }),
    writes: false,
    run: (host, input) => host.invoke('inspect.users', input),
  }),
  tool({
    name: 'show_user',
    title: 'Show a user',
    description: "A user's history and what each run recommends, with what was held out marked as hits.",
    input: v.object({ dataset, user, runs: runs(1, 10), top }),
    writes: false,
    run: (host, input) => host.invoke('inspect.user', input),
  }),
  tool({
    name: 'show_item',
    title: 'Show an item',
    description: 'An item with its ratings, popularity decile, and in how many lists each run shows it.',
    input: v.object({
      dataset,
      item,
      runs: said(v.optional(list(id, 30), []), 'runs whose lists are counted'),
    }),
    writes: false,
    run: (host, input) => host.invoke('inspect.item', input),
  }),
  tool({
    name: 'recommend',
    title: 'Recommend',
    description: 'What a run would show a user, best first, with titles and scores.',
    input: v.object({ run, user, top }),
    writes: false,
    run: (host, input) => host.invoke('recommend', input),
  }),
  tool({
    name: 'explain',
    title: 'Explain a recommendation',
    description:
      'Why a run shows a user an item, in terms of what the user has: contributions of history items, and where the item would stand without each. `method` says whether they are exact.',
    input: v.object({ run, user, item }),
    writes: false,
    run: (host, input) => host.invoke('inspect.reasons', input),
  }),
  tool({
    name: 'what_if',
    title: 'What if the history were another',
    description: 'What a run would show a user, or a person with nothing yet, whose history is changed.',
    input: v.object({
      run,
      user: said(
        v.optional(v.nullable(entity), null),
        'whose history is changed; null: somebody with nothing yet',
      ),
      add: v.optional(
        list(
          v.object({
            item,
            rating: said(v.optional(v.nullable(figure), null), 'null: the highest of the scale'),
          }),
          200,
        ),
        [],
      ),
      remove: said(v.optional(list(entity, 200), []), 'ids of items to take out'),
      top,
    }),
    writes: false,
    run: (host, input) => host.invoke('inspect.whatIf', input),
  }),
  tool({
    name: 'neighbours',
    title: 'Items alike',
    description: 'Items that a run takes for alike, with their similarity.',
    input: v.object({ run, item, top }),
    writes: false,
    run: (host, input) => host.invoke('inspect.neighbours', input),
  }),
];

const work: readonly Tool[] = [
  tool({
    name: 'engine_state',
    title: 'State of the engine',
    description: 'What computes, and whether anything runs.',
    input: v.object({}),
    writes: false,
    run: (host) => host.invoke('engine.state', {}),
  }),
  tool({
    name: 'list_jobs',
    title: 'List jobs',
    description: 'Imports, runs and exports that wait, run or have ended, with progress and time left.',
    input: v.object({}),
    writes: false,
    run: async (host) => ({ jobs: await host.invoke('jobs.list', {}) }),
  }),
  tool({
    name: 'wait_for',
    title: 'Wait for a job',
    description: `Waits up to ${WAIT} seconds for an import or a run. ended false: it goes on, so ask again.`,
    input: v.object({
      job: said(id, 'id of a job or run, as train and import_ratings return'),
      seconds: v.optional(whole(1, WAIT), WAIT),
    }),
    writes: false,
    async run(host, { job, seconds }) {
      const ended = host.invoke('jobs.wait', { job }).then((result) => ({ ended: true, result }));
      const first = await Promise.race([ended, pause(seconds * 1000, null, { ref: false })]);
      if (first) return first;
      // Nobody listens any more: its failure is told by the next call.
      ended.catch(() => undefined);
      const jobs = await host.invoke('jobs.list', {});
      return { ended: false, job: jobs.find((each) => each.id === job) ?? null };
    },
  }),
];

export const readTools: readonly Tool[] = [...experiments, ...people, ...work];

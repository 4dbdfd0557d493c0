import type { Dataset } from '../../../shared/contract.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { models } from '../../models/registry.ts';
import type { Host } from './open-host.ts';
import { waitFor } from './print-answers.ts';
import { figure, table } from './text.ts';
import type { Outcome } from './run.ts';

/** The sample, two baselines and a model on it, their comparison and one user's list: as a story to read. */
export async function demo(host: Host): Promise<Outcome> {
  const sample = await sampleOf(host);
  const dataset = sample.id;
  const split = { name: 'leave-last-out' as const };
  const { runs: ids } = await host.invoke('runs.start', {
    dataset,
    configs: cast().map(({ name }) => ({ model: name, split })),
  });
  for (const id of ids) await waitFor(host, id);
  const runs = await Promise.all(ids.map(async (run) => (await host.invoke('runs.get', { run })).run));
  const comparison = await host.invoke('compare', { runs: [ids[0], ids[2]], metric: 'ndcg@10' });
  const ratings = await host.invoke('compare', { runs: [ids[1], ids[2]], metric: 'rmse' });
  const { users } = await host.invoke('inspect.users', {
    dataset,
    runs: [ids[0], ids[2]],
    list: 'improved',
    limit: 1,
  });
  const user = users[0]?.user ?? '1';
  const view = await host.invoke('inspect.user', { dataset, user, runs: [ids[2]], top: 5 });
  const metrics = ['rmse', 'ndcg@10', 'hr@10', 'coverage@10'];
  const text = [
    `1. The sample: ${figure(sample.users)} made-up users gave ${figure(sample.ratings)} ratings to ${figure(sample.items)} made-up titles.`,
    '',
    `2. Three models learned from them. Each user's last rating was kept back, and the models were asked for it:`,
    `   how far off the stars are (rmse, lower is better), and whether the title is near the top of the list.`,
    '',
    table(
      ['model', ...metrics],
      runs.map((run) => [run.modelTitle, ...metrics.map((m) => run.metrics.test[m] ?? null)]),
    ),
    '',
    '3. Which is better? Asked of the same users, one by one:',
    `   lists:  ${comparison.verdict.headline}`,
    `           ${comparison.verdict.detail}`,
    `   stars:  ${ratings.verdict.headline}`,
    `           ${ratings.verdict.detail}`,
    '',
    `4. One user, ${user}, rated last: ${view.history
      .filter((row) => row.part !== 'test')
      .slice(0, 3)
      .map((row) => row.title)
      .join(', ')}.`,
    `   ${runs[2].modelTitle} would show them:`,
    '',
    table(
      ['rank', 'title', ''],
      view.lists[0].items.map((i) => [i.rank, i.title, i.hit ? 'this is the one kept back' : '']),
    ),
    '',
    'The runs are kept: `workbench runs` lists them, `workbench serve` shows them in windows.',
  ].join('\n');
  return { json: { dataset: sample, runs, comparison, ratings, user: view, story: text }, text };
}

/** A baseline of lists with nothing to tune, one of ratings, and a model of ratings that is to beat both. */
function cast(): ModelDefinition[] {
  const shown = models.filter(({ sample }) => sample);
  const baselines = shown.filter(({ baseline }) => baseline);
  const parts = [
    baselines.find(({ kind, parameters }) => kind === 'ranking' && parameters.length === 0),
    baselines.find(({ kind }) => kind === 'ratings'),
    shown.find(({ kind, baseline }) => kind === 'ratings' && !baseline),
  ];
  return parts.filter((part) => part !== undefined);
}

/** The sample, made where it is not there yet. */
async function sampleOf(host: Host): Promise<Dataset> {
  const there = (await host.invoke('datasets.list', {})).find(({ sample }) => sample);
  if (there) return there;
  const { job } = await host.invoke('datasets.sample', { runs: false });
  const { dataset } = (await waitFor(host, job)) as { dataset: string };
  return (await host.invoke('datasets.get', { dataset })).dataset;
}

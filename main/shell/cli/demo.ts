import type { ImportOutcome } from '../../../shared/imports.ts';
import type { Host } from './host.ts';
import { waitFor } from './output.ts';
import { figure, table } from './text.ts';
import type { Outcome } from './run.ts';

/** sample → baselines and MF → compare → one user's list, as a story to read. */
export async function demo(host: Host): Promise<Outcome> {
  const { job } = await host.invoke('datasets.sample', { runs: false });
  const { dataset } = (await waitFor(host, job)) as Pick<ImportOutcome, 'sameAs'> & { dataset: string };
  const { dataset: sample } = await host.invoke('datasets.get', { dataset });
  const split = { name: 'leave-last-out' as const };
  const { runs: ids } = await host.invoke('runs.start', {
    dataset,
    configs: ['popularity', 'bias', 'mf'].map((model) => ({ model, split })),
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
    `1. The sample: ${figure(sample.users)} users, ${figure(sample.items)} items, ${figure(sample.ratings)} ratings.`,
    `2. Three runs on one split (each user's last rating is held out):`,
    table(
      ['model', ...metrics],
      runs.map((run) => [run.modelTitle, ...metrics.map((m) => run.metrics.test[m] ?? null)]),
    ),
    `3. Which is better? ${comparison.verdict.headline} ${comparison.verdict.detail}`,
    `   As predictions of ratings: ${ratings.verdict.headline}`,
    `4. User ${user} rated last: ${view.history
      .filter((row) => row.part !== 'test')
      .slice(0, 3)
      .map((row) => row.title)
      .join(', ')}.`,
    `   MF would show them:`,
    table(
      ['rank', 'title', ''],
      view.lists[0].items.map((i) => [i.rank, i.title, i.hit ? 'held out, found' : '']),
    ),
  ].join('\n');
  return { json: { dataset: sample, runs, comparison, ratings, user: view, story: text }, text };
}

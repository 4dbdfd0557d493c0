/** The workbench as an assistant meets it: the SDK's own client, over a child's standard input and output. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRoot } from '../../main/base/app-root.ts';
import { outputOf, until } from '../fixtures/workbench.ts';

const root = mkdtempSync(join(tmpdir(), 'workbench-test-'));
const dir = join(root, 'data');

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function connect(...flags: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const cli = join(appRoot(), 'dist', 'main', 'cli.js');
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [cli, 'mcp', '--data-dir', dir, ...flags],
      env: process.env as Record<string, string>,
    }),
  );
  return client;
}

async function call<T>(client: Client, name: string, given: Record<string, unknown> = {}): Promise<T> {
  const answer = await client.callTool({ name, arguments: given });
  const [said] = answer.content as { text: string }[];
  if (answer.isError) throw new Error(said.text);
  expect(JSON.parse(said.text)).toEqual(answer.structuredContent);
  return answer.structuredContent as T;
}

describe('an assistant', () => {
  let reader: Client;
  let writer: Client;
  beforeAll(async () => {
    writer = await connect('--allow-writes');
    reader = await connect();
  });
  afterAll(async () => {
    await Promise.all([reader.close(), writer.close()]);
  });

  it('is offered nothing that changes anything, unless that was allowed', async () => {
    const names = async (client: Client): Promise<string[]> =>
      (await client.listTools()).tools.map(({ name }) => name);
    const [reads, all] = [await names(reader), await names(writer)];
    expect(reads).toContain('compare_runs');
    expect(all).toEqual(expect.arrayContaining([...reads, 'train', 'import_ratings', 'cancel_run']));
    expect(reads).not.toContain('train');
    const { tools } = await reader.listTools();
    for (const { name, description, inputSchema, annotations } of tools) {
      expect([name, annotations?.readOnlyHint]).toEqual([name, true]);
      expect(description?.length).toBeGreaterThan(20);
      expect(inputSchema.type).toBe('object');
    }
    await expect(call(reader, 'train', { dataset: 'x', configs: [{ model: 'mf' }] })).rejects.toThrow(
      /train/,
    );
  });

  it('finishes the story: sample, training, verdict, a person, why, what if, report', async () => {
    const { job } = await call<{ job: string }>(writer, 'open_sample', { runs: false });
    await waitFor(writer, job);
    const { datasets } = await call<{ datasets: { id: string; name: string }[] }>(reader, 'list_datasets');
    const [{ id: dataset, name }] = datasets;
    const configs = [
      { model: 'itemknn', split: { name: 'leave-last-out' } },
      { model: 'popularity', split: { name: 'leave-last-out' } },
    ];
    const { runs } = await call<{ runs: string[] }>(writer, 'train', { dataset: name, configs });
    for (const run of runs) await waitFor(writer, run);

    const compared = await call<{ comparable: boolean; verdict: { headline: string }; pairs: object[] }>(
      reader,
      'compare_runs',
      { runs },
    );
    expect(compared).toMatchObject({
      comparable: true,
      verdict: { headline: expect.stringMatching(/NDCG@10/) as string },
    });
    expect(compared.pairs).toHaveLength(1);
    // The same engine as the command line, so the same words.
    const told = await outputOf<{ verdict: { headline: string } }>(
      dir,
      'compare',
      ...runs,
      '--metric',
      'ndcg@10',
    );
    expect(told.verdict.headline).toBe(compared.verdict.headline);

    const { users } = await call<{ users: { user: string }[] }>(reader, 'find_users', {
      dataset,
      list: 'heavy',
      limit: 1,
    });
    const [{ user }] = users;
    const list = await call<{ items: { item: string }[] }>(reader, 'recommend', {
      run: runs[0],
      user,
      top: 5,
    });
    expect(list.items).toHaveLength(5);
    const [{ item }] = list.items;
    const reasons = await call<{ contributions: { item: string }[]; method: string }>(reader, 'explain', {
      run: runs[0],
      user,
      item,
    });
    expect(reasons.method).toBe('exact');
    const [{ item: because }] = reasons.contributions;
    const without = await call<{ items: object[] }>(reader, 'what_if', {
      run: runs[0],
      user,
      remove: [because],
      top: 5,
    });
    expect(without.items).toHaveLength(5);

    const path = join(root, 'report.html');
    expect(await call(writer, 'write_report', { runs, path })).toEqual({ written: path });
    expect(readFileSync(path, 'utf8')).toContain('Content-Security-Policy');
  });

  it('searches and follows a search, where writing is allowed', async () => {
    const started = await call<{ sweep: string; job: string }>(writer, 'start_sweep', {
      dataset: 'Sample (synthetic)',
      config: { model: 'itemknn', split: { name: 'leave-last-out' } },
      space: { neighbors: '10,50', weighting: 'none,tfidf' },
      search: 'grid',
    });
    await waitFor(writer, started.job);
    const { sweeps } = await call<{ sweeps: { id: string; trials: number }[] }>(reader, 'list_sweeps');
    expect(sweeps).toEqual([expect.objectContaining({ id: started.sweep, trials: 4 })]);
    const { entries } = await call<{
      entries: {
        trials: number;
        best: { index: number };
        bestTrials: { index: number; validation: number }[];
      }[];
    }>(reader, 'get_sweep', { sweep: started.sweep, limit: 2 });
    const [{ trials, best, bestTrials }] = entries;
    expect([trials, bestTrials.length, bestTrials[0].index]).toEqual([4, 2, best.index]);
    expect(bestTrials[0].validation).toBeGreaterThanOrEqual(bestTrials[1].validation);
    await expect(call(reader, 'start_sweep', {})).rejects.toThrow(/start_sweep/);
    const golden = {
      dataset: 'Sample (synthetic)',
      name: 'Somebody',
      history: [{ item: 't0001', rating: 5 }],
      forbid: ['t0002'],
    };
    await call(writer, 'add_golden_user', golden);
    const listed = await call<{ golden: { name: string }[] }>(reader, 'list_golden_users');
    expect(listed.golden.map(({ name: called }) => called)).toEqual(['Somebody']);
  });

  it('hears what is wrong, and how to fix it', async () => {
    await expect(call(reader, 'recommend', { run: 'nobody', user: '1' })).rejects.toThrow(
      /There is no run "nobody"/,
    );
    await expect(call(reader, 'recommend', { run: 'x', user: '1', top: 1e9 })).rejects.toThrow(/top|<=/i);
    await expect(
      call(writer, 'write_report', { runs: ['a', 'b'], path: join(dir, 'workbench.db') }),
    ).rejects.toThrow(/data folder/);
  });

  it('lets the data folder go when nobody uses it', async () => {
    await call(reader, 'engine_state');
    await until('the engine to be let go', () => !existsSync(join(dir, 'engine.json')));
  });
});

async function waitFor(client: Client, job: string): Promise<void> {
  for (let asked = 0; asked < 20; asked++)
    if ((await call<{ ended: boolean }>(client, 'wait_for', { job, seconds: 30 })).ended) return;
  throw new Error(`${job} has not ended.`);
}

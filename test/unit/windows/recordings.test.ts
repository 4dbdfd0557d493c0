/** The windows are tested on what the engine says: what was recorded of it must still be what the contract says. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ErrorShape, events, type Method, methods } from '../../../shared/contract.ts';
import { ImportOutcome } from '../../../shared/imports.ts';
import { overrides } from '../../windows/overrides.ts';
import { closest, recorded, recordedEvents } from '../../windows/recordings.ts';
import { standInHost } from '../../windows/stand-in.ts';

const again = 'Record anew: npm run record.';

/** Neither lacks a field nor holds one that the schema does not know. */
function expectFits(schema: v.GenericSchema, value: unknown, what: string): void {
  const { success, output, issues } = v.safeParse(schema, value);
  expect(
    issues?.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`) ?? [],
    `${what}. ${again}`,
  ).toEqual([]);
  expect(success && output, `${what}. ${again}`).toEqual(value);
}

describe('a recorded answer', () => {
  it.each(recorded.map((one, index) => [index, one.method, one] as const))(
    '%i, to %s, fits the contract, as does the question',
    (_, method, { params, result, error }) => {
      v.parse(methods[method][0], params);
      if (error) expectFits(ErrorShape, error, `The refusal of ${method}`);
      else expectFits(methods[method][1], result, `The answer to ${method}`);
    },
  );
  it.each(recordedEvents.map((event) => [event.event, event] as const))(
    'of %s fits the contract',
    (name, { payload }) => {
      expectFits(events[name], payload, `The event ${name}`);
    },
  );
  it('of an import accounts for its rows', () => {
    const started = recorded.filter(({ method }) => /^import\.(check|start|split)/.test(method));
    expect(started).toHaveLength(3);
    for (const { result } of started) {
      const outcome = closest('jobs.wait', result as object)?.result;
      expectFits(ImportOutcome, outcome, 'The outcome of an import');
      const { accounting } = v.parse(ImportOutcome, outcome);
      const { read, imported, rejected, duplicates, filtered } = accounting;
      expect(read).toBe(imported + rejected + duplicates + filtered);
    }
  });
  it('that lacks a field or has one too many is found', () => {
    const { result } = closest('engine.state', {}) ?? {};
    const { version, ...rest } = result as { version: string };
    expect(() => expectFits(methods['engine.state'][1], rest, 'x')).toThrow();
    expect(() => expectFits(methods['engine.state'][1], { ...rest, version, more: 1 }, 'x')).toThrow();
  });
});

it('has every method and event of the contract', () => {
  const overridden = overrides({}, () => undefined);
  const answered = new Set(recorded.flatMap(({ method, result }) => (result === undefined ? [] : [method])));
  const without = (Object.keys(methods) as Method[]).filter(
    (method) => !answered.has(method) && !(method in overridden),
  );
  expect(without, again).toEqual([]);
  expect(new Set(recordedEvents.map(({ event }) => event))).toEqual(new Set(Object.keys(events)));
});

describe('the stand-in', () => {
  const { transport } = standInHost({ extraRuns: 3 });
  it('answers with the recorded question that is closest', async () => {
    const [ease] = (await transport.invoke('runs.list', {})).filter(({ model }) => model === 'ease');
    expect(
      await transport.invoke('runs.export', { run: ease.id, files: { lists: '/data/lists.csv' } }),
    ).toEqual({
      written: ['/data/lists.csv'],
    });
    await expect(transport.invoke('runs.resume', { run: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
  it('keeps what was changed, and tells of it', async () => {
    const heard: string[] = [];
    transport.subscribe(({ event }) => heard.push(event));
    const [first] = await transport.invoke('runs.list', {});
    await transport.invoke('runs.archive', { runs: [first.id], archived: true });
    expect((await transport.invoke('runs.list', {})).map(({ id }) => id)).not.toContain(first.id);
    expect(heard).toEqual(['runs.changed']);
  });
  it('makes a sweep of runs with configurations and figures of their own', async () => {
    const runs = await transport.invoke('runs.list', { archived: true });
    const swept = runs.slice(-3);
    expect(new Set(swept.map(({ config }) => JSON.stringify(config))).size).toBe(3);
    expect(new Set(swept.map(({ metrics }) => metrics.test['ndcg@10'])).size).toBe(3);
  });
});

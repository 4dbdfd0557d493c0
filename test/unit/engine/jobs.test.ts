import { describe, expect, it } from 'vitest';
import type { Job, WorkbenchEvent } from '../../../shared/contract.ts';
import { Events } from '../../../main/engine/events.ts';
import { Jobs } from '../../../main/engine/jobs.ts';

function watched(): { jobs: Jobs; seen: Job[] } {
  const events = new Events();
  const seen: Job[] = [];
  events.subscribe((event: WorkbenchEvent) => {
    if (event.event === 'jobs.changed') seen.push(event.payload);
  });
  return { jobs: new Jobs(events), seen };
}

describe('a job', () => {
  it('gives its result to whoever waits, also afterwards', async () => {
    const { jobs, seen } = watched();
    const id = jobs.start({ kind: 'check', title: 'Check' }, () => Promise.resolve(42));
    expect(await jobs.wait(id)).toBe(42);
    expect(await jobs.wait(id)).toBe(42);
    expect(seen.map((job) => job.status)).toEqual(['running', 'done']);
    expect(jobs.busy).toBe(false);
  });

  it('has a title that fits a list, whatever path it names', () => {
    const { jobs } = watched();
    jobs.start({ kind: 'check', title: `Check /${'x'.repeat(65_000)}` }, () => Promise.resolve());
    expect(jobs.list()[0].title).toMatch(/^Check \/x{292}…$/);
  });

  it('fails with the error of its work, as a shape without a stack', async () => {
    const { jobs, seen } = watched();
    const id = jobs.start({ kind: 'check', title: 'Check' }, () => Promise.reject(new Error('broken')));
    await expect(jobs.wait(id)).rejects.toThrow('broken');
    expect(seen.at(-1)).toMatchObject({ status: 'failed', error: { code: 'internal', message: 'broken' } });
  });

  it('counts as cancelled where its work ends after the signal', async () => {
    const { jobs, seen } = watched();
    const id = jobs.start({ kind: 'import', title: 'Import' }, ({ signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      return promise;
    });
    jobs.cancel(id);
    await expect(jobs.wait(id)).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen.at(-1)).toMatchObject({ status: 'cancelled', error: null });
  });

  it('tells of progress at most ten times a second, and always of its end', async () => {
    const { jobs, seen } = watched();
    const id = jobs.start({ kind: 'import', title: 'Import' }, async ({ progress }) => {
      for (let done = 1; done <= 1000; done++) progress({ done });
      return Promise.resolve();
    });
    await jobs.wait(id);
    expect(seen.length).toBeLessThan(5);
    expect(seen.at(-1)).toMatchObject({ status: 'done', done: 1000 });
  });

  it('is not known under another id', async () => {
    const { jobs } = watched();
    await expect(jobs.wait('nobody')).rejects.toMatchObject({ code: 'job-missing' });
  });
});

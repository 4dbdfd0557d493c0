import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Importer } from '../../../main/engine/datasets/dataset-jobs.ts';
import type { Channel, Exit, Forker } from '../../../main/process/channel.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Needs = ConstructorParameters<typeof Importer>[0];

/** One process that answers when told to, and ends when it is killed. */
class OneProcess implements Forker {
  answer: (message: unknown) => void = () => undefined;
  isKilled = false;

  fork(): Channel {
    let exit: (end: Exit) => void = () => undefined;
    return {
      pid: 1,
      post: () => undefined,
      onMessage: (listener) => {
        this.answer = listener;
        listener({ control: 'ready' });
      },
      onExit: (listener) => (exit = listener),
      kill: (signal = 'SIGTERM') => {
        this.isKilled = true;
        exit({ code: null, signal });
      },
    };
  }
}

it('leaves a long preview its process, and ends it half a minute after the last one', async () => {
  const forker = new OneProcess();
  // Previews need nothing of the data folder.
  const needs: Partial<Needs> = { forker, dataDir: 'data' };
  const importer = new Importer(needs as Needs);
  const reading = importer.readItems('items.csv', 'one');
  await vi.advanceTimersByTimeAsync(60_000);
  forker.answer({ type: 'done', id: 1, result: { job: 'items', items: [] } });
  expect(await reading).toEqual([]);
  expect(forker.isKilled).toBe(false);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(forker.isKilled).toBe(true);
});

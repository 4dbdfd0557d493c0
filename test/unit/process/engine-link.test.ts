import { expect, it } from 'vitest';
import type { Channel } from '../../../main/process/channel.ts';
import { EngineLink } from '../../../main/process/engine-link.ts';

it('Both shells answer what is nested too deep themselves: it never reaches the way to the engine', async () => {
  const posted: unknown[] = [];
  const child: Channel = {
    pid: 1,
    post: (message) => void posted.push(message),
    onMessage: (listener) => listener({ control: 'ready' }),
    onExit: () => undefined,
    kill: () => undefined,
  };
  const engine = new EngineLink({ fork: () => child });
  await engine.start();
  let deep: unknown = 1;
  for (let k = 0; k < 100_000; k++) deep = [deep];
  expect(await engine.invoke('settings.set', { settings: { ui: { deep } } })).toMatchObject({
    error: { code: 'message-too-large' },
  });
  expect(posted).toEqual([]);
});

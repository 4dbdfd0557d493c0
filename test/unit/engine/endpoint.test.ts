/** Commands that join, and end in every way. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Endpoint, listen } from '../../../main/engine/endpoint.ts';
import { Events } from '../../../main/engine/events.ts';
import { EngineGone, joinEngine } from '../../../main/engine/join-engine.ts';
import { Silence } from '../../../main/engine/silence.ts';

const events = new Events();
let asked: string[];
let endpoint: Endpoint;

beforeEach(async () => {
  asked = [];
  endpoint = await listen({
    invoke(method) {
      if (method !== 'engine.state') asked.push(method);
      if (method === 'never') return new Promise(() => undefined);
      return Promise.resolve(method === 'large' ? 'x'.repeat(2 ** 22) : method);
    },
    subscribe: (listener) => events.subscribe(listener),
  });
});
afterEach(() => endpoint.close());

const join = (silence?: Silence) =>
  joinEngine({ pid: process.pid, address: endpoint.address, version: 'x' }, silence);
const raw = () =>
  new Promise<Socket>((resolve) => {
    const socket = connect(endpoint.address, () => resolve(socket));
    socket.on('error', () => undefined);
  });
const ended = (socket: Socket) => new Promise((resolve) => socket.on('close', resolve));
const request = (method: string, params: unknown = {}): string =>
  `${JSON.stringify({ id: 1, method, params })}\n`;

describe('The engine', () => {
  it('outlives commands that end with their answers unread', async () => {
    for (let k = 0; k < 20; k++) {
      const socket = await raw();
      socket.pause();
      socket.write(request('large').repeat(4));
      await expect.poll(() => asked.length).toBeGreaterThan(4 * k);
      socket.destroy();
    }
    events.emit({ event: 'runs.changed', payload: { run: 'r' } });
    const joined = await join();
    await expect(joined.invoke('jobs.list', {})).resolves.toBe('jobs.list');
    joined.close();
  });

  it('closes the connection of what is no request, or has no end', async () => {
    const wrong = await raw();
    wrong.write('{"no":"request"}\n');
    await ended(wrong);
    const endless = await raw();
    endless.write('x'.repeat(9 * 2 ** 20));
    await ended(endless);
    expect(asked).toEqual([]);
  });

  it('goes on taking commands while it waits for those that joined, and none once it refuses', async () => {
    const first = await join();
    let closed = false;
    const closing = endpoint.close().then(() => (closed = true));
    const second = await join();
    await expect(second.invoke('jobs.list', {})).resolves.toBe('jobs.list');
    expect(closed).toBe(false);
    endpoint.refuse();
    await expect(join()).rejects.toMatchObject({ isUntouched: true });
    first.close();
    second.close();
    await closing;
  });
});

describe('A command that joined', () => {
  it('knows that the engine ended, and whether its question was begun', async () => {
    const joined = await join();
    const answer = joined.invoke('never' as 'jobs.list', {});
    await expect.poll(() => asked).toEqual(['never']);
    joined.close();
    await expect(answer).rejects.toBeInstanceOf(EngineGone);
    await expect(answer).rejects.toMatchObject({ isUntouched: false });
    await expect(joined.invoke('jobs.list', {})).rejects.toBeInstanceOf(EngineGone);
  });

  it('does not wait for an engine that never answers', async () => {
    const stuck = new Silence(
      1,
      () => undefined,
      () => true,
    );
    const joined = await join(stuck);
    for (let k = 0; k < 3; k++) stuck.tick();
    await expect(joined.invoke('never' as 'jobs.list', {})).rejects.toMatchObject({ code: 'engine-stopped' });
  });
});

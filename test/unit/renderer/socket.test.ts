import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SocketTransport } from '../../../renderer/transport/socket.ts';

/** A socket that the test opens, answers and drops. */
class TestSocket {
  static readonly OPEN = 1;
  readyState = 0;
  sent: { id: number; method: string }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as { id: number; method: string });
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  answer(value: unknown): void {
    this.onmessage?.({ data: JSON.stringify(value) });
  }
  drop(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

let sockets: TestSocket[];
const transport = () =>
  new SocketTransport(() => {
    const socket = new TestSocket();
    sockets.push(socket);
    // The test's socket has the part of a WebSocket that the transport uses.
    return socket as unknown as WebSocket;
  });
const last = () => sockets[sockets.length - 1];

beforeEach(() => {
  sockets = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', TestSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('sends what was asked before the connection stood', async () => {
  const answer = transport().invoke('jobs.list', {});
  last().open();
  expect(last().sent.map((request) => request.method)).toEqual(['jobs.list']);
  last().answer({ id: 1, result: [] });
  await expect(answer).resolves.toEqual([]);
});

it('rejects with the code and the hint of the engine', async () => {
  const answer = transport().invoke('datasets.get', { dataset: 'x' });
  last().open();
  last().answer({
    id: 1,
    error: { code: 'no-data-set', message: 'There is no x.', hint: 'Choose another.' },
  });
  await expect(answer).rejects.toMatchObject({ code: 'no-data-set', hint: 'Choose another.' });
});

it('asks questions again after a lost connection, but never repeats an action', async () => {
  const one = transport();
  const states: boolean[] = [];
  one.onConnection((connected) => states.push(connected));
  last().open();
  const read = one.invoke('runs.list', {});
  const action = one.invoke('runs.delete', { runs: ['r'] });
  const lost = expect(action).rejects.toMatchObject({ code: 'connection-lost' });
  last().drop();
  await lost;
  await vi.advanceTimersByTimeAsync(300);
  expect(sockets).toHaveLength(2);
  last().open();
  expect(last().sent.map((request) => request.method)).toEqual(['runs.list']);
  last().answer({ id: 1, result: [] });
  await expect(read).resolves.toEqual([]);
  expect(states).toEqual([true, false, true]);
});

it('hands events to all listeners until they leave', () => {
  const one = transport();
  last().open();
  const heard: string[] = [];
  const leave = one.subscribe((event) => heard.push(event.event));
  last().answer({ event: 'runs.changed', payload: { run: 'r' } });
  leave();
  last().answer({ event: 'runs.changed', payload: { run: 'r' } });
  expect(heard).toEqual(['runs.changed']);
});

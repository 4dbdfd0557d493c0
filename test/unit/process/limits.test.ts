import { describe, expect, it } from 'vitest';
import { messageFault } from '../../../main/process/limits.ts';

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let k = 0; k < depth; k++) value = wrap(value);
  return value;
}

describe('A message from outside', () => {
  it('may be what windows send', () => {
    const config = {
      model: 'mf',
      parameters: { epochs: 3, layers: '64,32' },
      split: { seed: 1 },
      note: undefined,
    };
    expect(messageFault({ id: 1, method: 'runs.start', params: { configs: [config, config] } })).toBeNull();
    expect(messageFault(null)).toBeNull();
  });

  it.each([
    ['lists', (inner: unknown) => [inner]],
    ['objects', (inner: unknown) => ({ inner })],
  ])('is nested at most 32 deep: %s', (_, wrap) => {
    expect(messageFault(nested(32, wrap))).toBeNull();
    expect(messageFault(nested(33, wrap))).toMatchObject({ code: 'message-too-large' });
    expect(messageFault(nested(100_000, wrap))).toMatchObject({ code: 'message-too-large' });
  });

  it('does not hold itself', () => {
    const loop: unknown[] = [];
    loop.push(loop, loop);
    expect(messageFault(loop)).toMatchObject({ code: 'message-too-large' });
  });

  it('has at most a million values and 8 MB of text', () => {
    expect(messageFault(new Array(1_000_001).fill(0))).toMatchObject({ code: 'message-too-large' });
    expect(messageFault(['x'.repeat(2 ** 23), 'x'])).toMatchObject({ code: 'message-too-large' });
    expect(messageFault({ ['x'.repeat(2 ** 23 + 1)]: 1 })).toMatchObject({ code: 'message-too-large' });
  });

  it.each([[1n], [new Map()], [new Date()], [new Uint8Array(3)], [() => 1], [Symbol('x')]])(
    'holds what JSON has, not %s',
    (value) => {
      expect(messageFault({ value })).toMatchObject({ code: 'message-too-large' });
    },
  );
});

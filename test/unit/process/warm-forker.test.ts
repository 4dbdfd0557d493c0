import { describe, expect, it } from 'vitest';
import type { Channel, ForkOptions, Role } from '../../../main/process/channel.ts';
import { warmForker } from '../../../main/process/warm-forker.ts';

interface Forked extends Channel {
  readonly role: Role;
  killed: boolean;
}

function recorder(): { forked: Forked[]; fork(role: Role, options?: ForkOptions): Forked } {
  const forked: Forked[] = [];
  return {
    forked,
    fork(role) {
      const child: Forked = {
        role,
        pid: forked.length + 1,
        killed: false,
        post: () => undefined,
        onMessage: () => undefined,
        onExit: () => undefined,
        kill: () => void (child.killed = true),
      };
      forked.push(child);
      return child;
    },
  };
}

describe('a child that was started before it was asked for', () => {
  it('is the first of its role, and the next is another', () => {
    const plain = recorder();
    const warm = warmForker(plain, 'trainer');
    expect(plain.forked).toHaveLength(1);
    expect(warm.fork('importer').pid).toBe(2);
    expect(warm.fork('trainer', { arguments: [] }).pid).toBe(1);
    expect(warm.fork('trainer').pid).toBe(3);
    warm.release();
    expect(plain.forked.some(({ killed }) => killed)).toBe(false);
  });

  it('is not given to who wants words or an environment of its own', () => {
    const warm = warmForker(recorder(), 'trainer');
    expect(warm.fork('trainer', { arguments: ['--restarted'] }).pid).toBe(2);
    expect(warm.fork('trainer', { env: { A: 'b' } }).pid).toBe(3);
    expect(warm.fork('trainer').pid).toBe(1);
  });

  it('is ended where nobody took it, and not given out afterwards', () => {
    const plain = recorder();
    const warm = warmForker(plain, 'trainer');
    warm.release();
    expect(plain.forked[0].killed).toBe(true);
    expect(warm.fork('trainer').pid).toBe(2);
  });
});

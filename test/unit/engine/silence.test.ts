import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isStoppedProcess, Silence } from '../../../main/engine/silence.ts';

function silence(isStopped: boolean): { said: string[]; silence: Silence } {
  const said: string[] = [];
  return {
    said,
    silence: new Silence(
      4321,
      (words) => said.push(words),
      () => isStopped,
    ),
  };
}

const ticks = (watched: Silence, count: number): (string | null)[] =>
  Array.from({ length: count }, () => watched.tick()?.code ?? null);

describe('A joined engine that says nothing', () => {
  it('is given up within five seconds where its process is stopped, with how to go on', () => {
    const { silence: watched } = silence(true);
    expect(ticks(watched, 3)).toEqual([null, null, null]);
    expect(watched.tick()).toMatchObject({
      code: 'engine-stopped',
      hint: expect.stringContaining('-CONT 4321') as string,
    });
  });

  it('is told of within five seconds where it may be busy, and given up after a minute', () => {
    const { said, silence: watched } = silence(false);
    expect(ticks(watched, 59).filter(Boolean)).toEqual([]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('process 4321');
    expect(watched.tick()).toMatchObject({ code: 'engine-silent' });
  });

  it('starts anew with every word', () => {
    const { said, silence: watched } = silence(true);
    ticks(watched, 3);
    watched.heard();
    expect(ticks(watched, 3)).toEqual([null, null, null]);
    expect(said).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('The state of a process', () => {
  it('says whether it is stopped', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    expect(isStoppedProcess(pid)).toBe(false);
    child.kill('SIGSTOP');
    await expect.poll(() => isStoppedProcess(pid)).toBe(true);
    child.kill('SIGKILL');
  });
});

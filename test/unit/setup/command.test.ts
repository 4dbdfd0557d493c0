import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { output } from '../../../main/setup/native/command.ts';
import { root } from '../../../main/setup/sources.ts';

describe('A program that the set-up runs', () => {
  it('gives its stdout, or fails with the line that says most', async () => {
    expect(await output(process.execPath, ['-e', 'console.log(7)'])).toBe('7\n');
    const fails = ['-e', "console.error('one\\ncannot link\\nthree'); process.exit(3)"];
    await expect(output(process.execPath, fails)).rejects.toThrow('cannot link');
  });

  it('is ended after its time', async () => {
    const forever = ['-e', 'setInterval(() => undefined, 1000)'];
    await expect(output(process.execPath, forever, { within: 200 })).rejects.toThrow('SIGTERM');
  });

  it('does not hold up the installation where it is not there', () => {
    const file = JSON.stringify(join(root, 'main/setup/native/command.ts'));
    const code = `const { output } = await import(${file}); await output('no-such-program', []).catch(() => undefined);`;
    const words = ['--input-type=module', '-e', code];
    expect(spawnSync(process.execPath, words, { timeout: 100_000 })).toMatchObject({ status: 0 });
  });
});

/** No process outlives the one that forked it, however that ended, and however busy it is itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { writeRatings } from '../fixtures/ratings-file.ts';
import { childrenOf, hasProc, isAlive, outputOf, startWorkbench, until } from '../fixtures/workbench.ts';
import { serveBuilt } from './shell/serve.ts';

const train = [
  ...[
    'train',
    '--dataset',
    'Sample (synthetic)',
    '--model',
    'mf',
    '--set',
    'epochs=10000',
    '--set',
    'patience=0',
  ],
];

/** A child that has begun: its parent knows of it. */
async function child(parent: number | undefined, role: string): Promise<number> {
  const pid = await until(`the ${role}`, () => childrenOf(parent ?? 0, role)[0]);
  await until('it to compute', () => ticksOf(pid) >= 10);
  return pid;
}

/** Hundredths of a second that a process has computed. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** A stopped process hears nothing: like one in the midst of a computation, only for longer. */
async function expectEnd(parent: number | undefined, ...children: number[]): Promise<void> {
  for (const pid of children) process.kill(pid, 'SIGSTOP');
  process.kill(parent ?? 0, 'SIGKILL');
  await until('the children to end', () => !children.some(isAlive));
}

describe.skipIf(!hasProc)('After kill -9 of the parent', () => {
  it('a trainer ends that does not listen', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const training = startWorkbench(dir, ...train);
    await expectEnd(training.process.pid, await child(training.process.pid, 'trainer'));
  });

  it('an importer ends that does not listen, with its threads', async () => {
    const dir = temporaryFolder();
    const file = join(temporaryFolder(), 'many.csv');
    writeRatings(file, 1_000_000, 20_000, 9_000);
    const importing = startWorkbench(dir, 'import', file, '--name', 'many');
    await expectEnd(importing.process.pid, await child(importing.process.pid, 'importer'));
  });

  it('the self-test ends that does not listen', async () => {
    const dir = temporaryFolder();
    const doctor = startWorkbench(dir, 'doctor');
    await expectEnd(doctor.process.pid, await child(doctor.process.pid, 'trainer'));
  });

  it('the engine of the browser shell ends, and its trainer', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const served = await serveBuilt(dir);
    // It has answered, so it has begun; an idle one may never compute for as long as `child` waits for.
    const [engine] = childrenOf(served.process.pid ?? 0, 'engine');
    const joined = startWorkbench(dir, ...train);
    const trainer = await child(engine, 'trainer');
    await expectEnd(served.process.pid, engine, trainer);
    expect((await joined.ended).output).toMatchObject({ error: { code: expect.any(String) as string } });
  });
});

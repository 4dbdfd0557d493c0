/**
 * Commands that join a window's engine and are killed at any moment, and bare connections that send a part of a request
 * and go. The engine trains on meanwhile, and holds no more afterwards than before.
 */
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, outputOf, startWorkbench } from '../fixtures/workbench.ts';
import { openWindow, serveBuilt } from '../integration/shell/serve.ts';
import { Chance } from './random.ts';
import { untilNothingRuns, vitalsOf } from './vitals.ts';

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const sample = 'Sample (synthetic)';

const commands = [
  ['datasets'],
  ['runs'],
  ['profile', sample],
  ['models'],
  ['train', '--dataset', sample, '--model', 'popularity'],
  ['export', sample, '--out'],
];

/** A connection that goes before, in the midst of, or after what it asks, with its answers unread. */
async function connection(chance: Chance, address: string): Promise<void> {
  const socket = connect(address);
  socket.on('error', () => undefined);
  if (chance.percent(50)) socket.pause();
  const request = `${JSON.stringify({ id: 1, method: chance.pick(['models.list', 'runs.list', 'datasets.list', 'x']), params: {} })}\n`;
  const text = request.repeat(1 + chance.below(50));
  socket.write(chance.percent(30) ? text.slice(0, chance.below(text.length)) : text);
  await pause(chance.below(30));
  socket.destroy();
}

/** So many commands, ten times as many connections. @throws naming the seed where the engine did not live through them */
export async function fuzzJoins(seed: number, count: number, dataDir: string): Promise<string> {
  const chance = new Chance(seed);
  await outputOf(dataDir, 'sample');
  const served = await serveBuilt(dataDir);
  try {
    const [engine] = childrenOf(served.process.pid ?? 0, 'engine');
    const window = await openWindow(served.url);
    const configs = [{ model: 'mf', parameters: { epochs: 10_000, patience: 0 } }];
    const { runs } = (await window.invoke('runs.start', { dataset: sample, configs })) as { runs: string[] };
    const { address } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8')) as { address: string };
    // The first half warms the engine up: its heap grows in steps to what the work needs, and no further.
    let before = vitalsOf(engine);
    let killed = 0;
    for (let done = 0; done < count; done += 4) {
      await Promise.all(
        Array.from({ length: Math.min(4, count - done) }, async (_, k) => {
          const words = [...chance.pick(commands)];
          if (words.at(-1) === '--out') words.push(join(dataDir, '..', `out-${seed}-${done + k}.csv`));
          const command = startWorkbench(dataDir, ...words);
          const wait = chance.below(1500);
          const end = await Promise.race([command.ended, pause(wait).then(() => null)]);
          if (end === null && command.process.kill('SIGKILL')) killed++;
          const { code, output } = await command.ended;
          if (end !== null && (typeof output !== 'object' || output === null))
            throw new Error(`seed ${seed}: ${words.join(' ')} ended with ${code} and no JSON`);
        }),
      );
      for (let k = 0; k < 40; k++) await connection(chance, address);
      if (done <= count / 2) before = vitalsOf(engine);
    }
    if (childrenOf(served.process.pid ?? 0, 'engine')[0] !== engine)
      throw new Error(`seed ${seed}: the engine died`);
    const { run } = (await window.invoke('runs.get', { run: runs[0] })) as { run: { status: string } };
    if (run.status !== 'running')
      throw new Error(`seed ${seed}: the training of the window is ${run.status}`);
    await pause(1000);
    const after = vitalsOf(engine);
    if (after.files > before.files + 5)
      throw new Error(`open files rose from ${before.files} to ${after.files}`);
    if (after.memoryMb > before.memoryMb + 60)
      throw new Error(`memory rose from ${before.memoryMb} to ${after.memoryMb} MB`);
    window.close();
    return `${count} commands, ${killed} killed; ${10 * count} connections; files ${before.files} to ${after.files}, ${before.memoryMb.toFixed(0)} to ${after.memoryMb.toFixed(0)} MB`;
  } finally {
    served.process.kill('SIGTERM');
    await served.ended;
    await untilNothingRuns(dataDir);
  }
}

/** Runs of other libraries, by the scripts beside the shared data. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sharedDataFolder } from '../fixtures/shared-data.ts';
import type { Peer, PeerRow } from './peer-rows.ts';

const run = promisify(execFile);

export interface PeerRun {
  readonly peer: string;
  readonly examplesPerSecond: number;
  readonly trainSeconds: number;
  readonly secondsPerEpoch: number;
  readonly quality: number;
}

/** Can this Python import the module? */
export async function hasModule(python: string, module: string): Promise<boolean> {
  return run(python, ['-c', `import ${module}`]).then(
    () => true,
    () => false,
  );
}

export async function peerRun(
  python: string,
  { figure }: PeerRow,
  peer: Peer,
  threads: number,
): Promise<PeerRun> {
  const script = fileURLToPath(new URL(`../../../shared/tools/peers/${peer.script}`, import.meta.url));
  const common = ['--data', sharedDataFolder, '--dataset', 'ml-1m', '--threads', String(threads)];
  const { stdout } = await run(python, [script, ...common, ...peer.arguments]);
  // Their own words come on standard output as well.
  const line = stdout.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`${peer.title} printed no result: ${stdout}`);
  const said = JSON.parse(line) as Record<string, number>;
  return {
    peer: peer.title,
    examplesPerSecond: said['examples_per_second'],
    trainSeconds: said['fit_seconds'],
    secondsPerEpoch: said['seconds_per_epoch'],
    quality: said[figure.theirs],
  };
}

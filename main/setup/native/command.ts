import { spawn } from 'node:child_process';
import { root } from '../sources.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds until it is killed and counts as failed; 15 minutes. */
  readonly within?: number;
}

/** Runs a program without a shell and returns its stdout; throws with the last line it wrote where it fails. */
export function output(
  program: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { cwd = root, env = process.env, within = 15 * 60_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    // Spawn's own `timeout` goes on, and keeps this process, after a program that is not there.
    const timer = setTimeout(() => child.kill(), within);
    let stdout = '';
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      said += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    child.on('error', () => {
      clearTimeout(timer);
      reject(new Error(`${program} is not there`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program}: ${complaint(said) || `ended with ${signal ?? `code ${code}`}`}`));
    });
  });
}

/** The line that says most: the first one that speaks of an error, else the last. */
function complaint(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const spoken = lines.filter((line) => line !== '');
  return (spoken.find((line) => /error|cannot|could not/i.test(line)) ?? spoken.at(-1) ?? '').slice(0, 200);
}

import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether a signal from outside asked for the end. */
  readonly asked: boolean;
  /** The last of what it wrote to stderr, which was passed on. */
  readonly said: string;
}

/** Milliseconds within which a signal that comes again is the same key press: npm passes on what the terminal sent too. */
const samePress = 1_000;

/**
 * Runs a program to its end, in place of this process: Ctrl+C ends it in order, once, however often the signal comes;
 * pressed again later, it ends it again. Rejects where it cannot be started.
 */
export function runInForeground(
  program: string,
  words: readonly string[],
  env = process.env,
): Promise<Ended> {
  const onWindows = process.platform === 'win32';
  // In a group of its own, or a terminal's Ctrl+C would reach it beside what is sent from here, and Electron takes a
  // second SIGINT for impatience. On Windows the console tells everyone itself, and `kill` would not be in order.
  const child = spawn(program, words, { env, detached: !onWindows, stdio: ['inherit', 'inherit', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    process.stderr.write(piece);
    said = (said + piece.toString()).slice(-20_000);
  });
  let asked = false;
  let last = -Infinity;
  const pass = (signal: NodeJS.Signals): void => {
    asked = true;
    const now = performance.now();
    if (!onWindows && now - last > samePress) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    last = now;
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settle();
      resolve({ code, signal, asked, said });
    });
  });
}

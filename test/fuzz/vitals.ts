/** What a process holds, as Linux tells; and what of ours still runs. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Vitals {
  readonly files: number;
  readonly memoryMb: number;
}

export function vitalsOf(pid: number): Vitals {
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { files: readdirSync(`/proc/${pid}/fd`).length, memoryMb: Number(rss?.[1] ?? 0) / 1024 };
}

/** Processes that run with a text (a data folder) in their command line or environment. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.includes(text) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until nothing of a folder runs any more. @throws naming what still does after a minute */
export async function untilNothingRuns(text: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const left = processesWith(text);
    if (left.length === 0) return;
    if (tries > 600) throw new Error(`still running: ${left.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

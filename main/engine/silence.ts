import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { WorkbenchError } from '../base/errors.ts';

/** Seconds without a word after which a person is told, and a stopped engine is given up. */
const noticed = 4;
/** Seconds without a word after which an engine that is not stopped is given up too: it hangs. */
const givenUp = 60;

/** How long the engine that a command joined has said nothing, in ticks of a second of the command's own time. */
export class Silence {
  readonly #pid: number;
  readonly #isStopped: (pid: number) => boolean;
  readonly #say: (words: string) => void;
  #ticks = 0;

  constructor(
    pid: number,
    say = (words: string): void => void process.stderr.write(`${words}\n`),
    isStopped = isStoppedProcess,
  ) {
    this.#pid = pid;
    this.#say = say;
    this.#isStopped = isStopped;
  }

  heard(): void {
    this.#ticks = 0;
  }

  /** A second has passed. @returns why to wait no longer, or null */
  tick(): WorkbenchError | null {
    const ticks = ++this.#ticks;
    if (ticks < noticed) return null;
    if (this.#isStopped(this.#pid)) {
      return new WorkbenchError(
        'engine-stopped',
        `The engine of this data folder (process ${this.#pid}) is stopped and does not answer.`,
        `Let it go on (kill -CONT ${this.#pid}), or end it (kill -9 ${this.#pid}; nothing saved is lost) and start this command again.`,
      );
    }
    if (ticks >= givenUp) {
      return new WorkbenchError(
        'engine-silent',
        `The engine of this data folder (process ${this.#pid}) has not answered for ${givenUp} seconds.`,
        `It is busy with something long, or hangs: try again later, or end it (kill -9 ${this.#pid}; nothing saved is lost).`,
      );
    }
    if (ticks === noticed) {
      this.#say(
        `The engine of this data folder (process ${this.#pid}) has not answered for ${noticed} seconds. ` +
          `It may be busy: this command waits up to ${givenUp} seconds. To go on without it, end that process.`,
      );
    }
    return null;
  }
}

/** Whether a process is stopped (SIGSTOP, Ctrl+Z, a debugger). False where the system does not say. */
export function isStoppedProcess(pid: number): boolean {
  if (process.platform === 'win32') return false;
  return /^[Tt]/.test(stateOf(pid));
}

function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2);
  } catch {
    return spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8', timeout: 1000 }).stdout;
  }
}

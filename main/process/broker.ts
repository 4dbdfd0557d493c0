/**
 * Only Electron's main process can fork utility processes, and the engine is one itself. So the engine asks the shell
 * to fork; the shell hands one end of a message channel to the new child and the other to the engine, and from then on
 * the two talk without the shell. This file is the engine's side, `main/shell/electron/forker.ts` the shell's.
 */
import type { Channel, Exit, Forker, ForkOptions, Role } from './channel.ts';
import { Mailbox, Once } from './mailbox.ts';
import { nodeForker } from './node-forker.ts';
import { parentPort, type UtilityPort } from './utility.ts';

/** Engine → shell. */
export type BrokerRequest =
  | { readonly broker: 'fork'; readonly fork: number; readonly role: Role; readonly options: ForkOptions }
  | { readonly broker: 'kill'; readonly fork: number; readonly signal: 'SIGTERM' | 'SIGKILL' };

/** Shell → engine; `forked` carries the port to the child. */
export type BrokerEvent =
  | { readonly broker: 'forked'; readonly fork: number; readonly pid: number | undefined }
  | { readonly broker: 'exited'; readonly fork: number; readonly exit: Exit };

/** Whether a message between engine and shell is the broker's: `parentChannel` and the shell keep it to themselves. */
export function isBrokerMessage(message: unknown): message is BrokerRequest | BrokerEvent {
  return typeof message === 'object' && message !== null && 'broker' in message;
}

/** Forks through the shell. Only in the engine under Electron: elsewhere `engineForker` takes `nodeForker`. */
export function brokerForker(shell: UtilityPort): Forker {
  const children = new Map<number, BrokeredChild>();
  let last = 0;
  shell.on('message', ({ data, ports }) => {
    if (!isBrokerMessage(data)) return;
    const child = children.get(data.fork);
    if (data.broker === 'forked') child?.open(data.pid, ports[0]);
    if (data.broker === 'exited') {
      child?.end(data.exit);
      children.delete(data.fork);
    }
  });
  return {
    fork(role, options = {}) {
      const fork = ++last;
      const ask = (request: BrokerRequest): void => shell.postMessage(request);
      const child = new BrokeredChild((signal) => ask({ broker: 'kill', fork, signal }));
      children.set(fork, child);
      ask({ broker: 'fork', fork, role, options });
      return child;
    },
  };
}

/** Milliseconds after the end of a child within which its port closes; it does so at once unless a host is at fault. */
const closesWithin = 5_000;

class BrokeredChild implements Channel {
  pid: number | undefined;
  readonly #kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly #messages = new Mailbox<unknown>();
  readonly #ended = new Once<Exit>();
  readonly #closed = new Once<void>();
  #port: UtilityPort | null = null;
  /** Posted before the port came. */
  #early: unknown[] = [];

  constructor(kill: (signal: 'SIGTERM' | 'SIGKILL') => void) {
    this.#kill = kill;
  }

  open(pid: number | undefined, port: UtilityPort | undefined): void {
    this.pid = pid;
    if (!port || this.#ended.hasHappened) return;
    this.#port = port;
    port.on('message', ({ data }) => this.#messages.deliver(data));
    port.on('close', () => this.#closed.happen());
    port.start?.();
    for (const message of this.#early.splice(0)) port.postMessage(message);
  }

  /** The shell's report may overtake the child's last messages, which are all there once the port has closed. */
  end(exit: Exit): void {
    const finish = (): void => {
      clearTimeout(timer);
      this.#ended.happen(exit);
      this.#port?.close?.();
      this.#port = null;
    };
    const timer = setTimeout(finish, this.#port ? closesWithin : 0);
    this.#closed.listen(finish);
  }

  post(message: unknown): void {
    if (this.#ended.hasHappened) return;
    if (this.#port) this.#port.postMessage(message);
    else this.#early.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.listen(listener);
  }

  onExit(listener: (exit: Exit) => void): void {
    this.#ended.listen(listener);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): void {
    if (!this.#ended.hasHappened) this.#kill(signal);
  }
}

/** How the engine forks trainers and importers, wherever it runs itself. */
export function engineForker(): Forker {
  const shell = parentPort();
  return shell ? brokerForker(shell) : nodeForker();
}

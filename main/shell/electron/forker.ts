/** Utility processes, and the shell's side of the broker: see main/process/broker.ts. */
import { app, MessageChannelMain, utilityProcess, type Details, type MessagePortMain } from 'electron';
import { isBrokerMessage, type BrokerEvent, type BrokerRequest } from '../../process/broker.ts';
import type { Channel, Exit, Forker, ForkOptions, Role } from '../../process/channel.ts';
import { Mailbox, Once } from '../../process/mailbox.ts';
import { entryOf } from '../../process/entry.ts';
import { brokered } from '../../process/utility.ts';

/** Forks the engine; the trainers and importers that it asks for are forked on the way. */
export function electronForker(entry: (role: Role) => string = entryOf): Forker {
  return {
    fork(role, options) {
      const child = new UtilityChild(role, entry(role), options);
      brokerFor(child, entry);
      return child;
    },
  };
}

let lastChild = 0;

class UtilityChild implements Channel {
  /** Everything that comes, the broker's messages too. */
  readonly received = new Mailbox<unknown>();
  readonly #messages = new Mailbox<unknown>();
  readonly #ended = new Once<Exit>();
  readonly #process: Electron.UtilityProcess;

  constructor(role: Role, file: string, options: ForkOptions = {}) {
    const serviceName = `workbench-${role}-${++lastChild}`;
    this.#process = utilityProcess.fork(file, [...(options.arguments ?? [])], {
      serviceName,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#process.on('message', (message: unknown) => this.received.deliver(message));
    // `exit` reports 0 after some crashes; what really happened comes here, before or after it.
    const onGone = (_event: unknown, details: Details): void => {
      if (details.serviceName === serviceName || details.name === serviceName)
        this.#ended.happen(exitOf(details));
    };
    app.on('child-process-gone', onGone);
    // Nothing may be posted from inside `exit`, so its listeners are called after it.
    this.#process.once('exit', (code) => setTimeout(() => this.#ended.happen({ code, signal: null }), 20));
    this.#ended.listen(() => app.off('child-process-gone', onGone));
    this.received.listen((message) => {
      if (!isBrokerMessage(message)) this.#messages.deliver(message);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  post(message: unknown, ports: MessagePortMain[] = []): void {
    if (!this.#ended.hasHappened) this.#process.postMessage(message, ports);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.listen(listener);
  }

  onSpawn(listener: () => void): void {
    this.#process.once('spawn', listener);
  }

  onExit(listener: (exit: Exit) => void): void {
    this.#ended.listen(listener);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): void {
    if (this.#ended.hasHappened) return;
    const { pid } = this.#process;
    if (signal === 'SIGTERM' || pid === undefined) this.#process.kill();
    else killNow(pid);
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself; `exit` follows.
    return;
  }
}

function exitOf({ reason, exitCode }: Details): Exit {
  if (reason === 'clean-exit') return { code: exitCode, signal: null };
  return { code: exitCode || 1, signal: reason === 'killed' || reason === 'oom' ? 'SIGKILL' : null };
}

/** Forks what the engine asks for, and takes it away when the engine ends. */
function brokerFor(engine: UtilityChild, entry: (role: Role) => string): void {
  const children = new Map<number, UtilityChild>();
  const tell = (event: BrokerEvent, ports: MessagePortMain[] = []): void => engine.post(event, ports);
  engine.received.listen((message) => {
    if (!isBrokerMessage(message)) return;
    const request = message as BrokerRequest;
    if (request.broker === 'kill') {
      children.get(request.fork)?.kill(request.signal);
      return;
    }
    const { fork, role, options } = request;
    const child = new UtilityChild(role, entry(role), { ...options, env: { ...options.env, ...brokered } });
    children.set(fork, child);
    const { port1, port2 } = new MessageChannelMain();
    child.post({ broker: 'port' }, [port2]);
    child.onSpawn(() => tell({ broker: 'forked', fork, pid: child.pid }, [port1]));
    child.onExit((exit) => {
      children.delete(fork);
      tell({ broker: 'exited', fork, exit });
    });
  });
  engine.onExit(() => {
    for (const child of children.values()) child.kill('SIGKILL');
  });
}

/** Utility processes, and the shell's side of the broker: see main/process/broker.ts. */
import { app, MessageChannelMain, utilityProcess, type Details, type MessagePortMain } from 'electron';
import { isBrokerMessage, type BrokerEvent, type BrokerRequest } from '../../process/broker.ts';
import type { Channel, Exit, Forker, ForkOptions, Role } from '../../process/channel.ts';
import { lineReader } from '../../process/log-file.ts';
import { Mailbox, Once } from '../../process/mailbox.ts';
import { entryOf } from '../../process/entry.ts';
import { allocatorOf, v8FlagsOf } from '../../process/memory-limits.ts';
import { brokered } from '../../process/utility.ts';

export interface ForkerOptions {
  /** The file to run for a role; the built one unless a test says otherwise. */
  readonly entry?: (role: Role) => string;
  /** Takes what processes say on stderr, line by line; the app's own stderr unless told. */
  readonly log?: (source: string, line: string) => void;
}

/** Forks the engine; the trainers and importers that it asks for are forked on the way. */
export function electronForker(options: ForkerOptions = {}): Forker {
  const { entry = entryOf, log = (source, line) => process.stderr.write(`${source}: ${line}\n`) } = options;
  const forkOne: ForkOne = (role, forked) => new UtilityChild(role, entry(role), forked, log);
  return {
    fork(role, forked = {}) {
      const child = forkOne(role, forked);
      brokerFor(child, forkOne);
      return child;
    },
  };
}

type ForkOne = (role: Role, options: ForkOptions) => UtilityChild;

let lastChild = 0;

class UtilityChild implements Channel {
  /** Everything that comes, the broker's messages too. */
  readonly received = new Mailbox<unknown>();
  readonly #messages = new Mailbox<unknown>();
  readonly #ended = new Once<Exit>();
  readonly #process: Electron.UtilityProcess;

  constructor(role: Role, file: string, options: ForkOptions, log: (source: string, line: string) => void) {
    const serviceName = `workbench-${role}-${++lastChild}`;
    const flags = v8FlagsOf(role);
    this.#process = utilityProcess.fork(file, [...(options.arguments ?? [])], {
      serviceName,
      env: { ...process.env, ...allocatorOf(role), ...options.env },
      execArgv: flags.length === 0 ? [] : [`--js-flags=${flags.join(' ')}`],
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const say = (line: string): void => log(`${role} ${this.pid ?? ''}`.trim(), line);
    this.#process.stderr?.on('data', lineReader(say));
    // V8 could not go on, most often for want of memory; unheard, it would end the app. `exit` follows.
    this.#process.on('error', (type, location) => say(`${type} in ${location}`));
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
function brokerFor(engine: UtilityChild, forkOne: ForkOne): void {
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
    const child = forkOne(role, { ...options, env: { ...options.env, ...brokered } });
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

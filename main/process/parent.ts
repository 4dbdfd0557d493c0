import { isBrokerMessage } from './broker.ts';
import { isControl, type Control, type ParentChannel } from './channel.ts';
import { Mailbox, Once } from './mailbox.ts';
import { outliveReaders } from './closed-outputs.ts';
import { isBrokered, parentPort, type UtilityPort } from './utility.ts';

/** What both hosts' ways to the parent come down to. */
interface Wire {
  /** Resolves when the message has left this process. */
  send(message: unknown): Promise<void>;
  /** Resolves when the parent has taken everything that was sent. */
  drained(): Promise<void>;
  receive(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

let channel: ParentChannel | undefined;

/**
 * The way to the process that forked this one, over `process.send` or over Electron's ports alike. Call it first thing
 * in a process entry: it also ends the process on a fault that nobody caught (in a utility process an unhandled
 * rejection would only warn). The same channel each time.
 */
export function parentChannel(): ParentChannel {
  channel ??= openChannel(utilityWire() ?? nodeWire());
  return channel;
}

function openChannel(wire: Wire): ParentChannel {
  const messages = new Mailbox<unknown>();
  let sent = Promise.resolve();
  const send = (message: unknown): void => {
    sent = wire.send(message);
  };
  const flush = (): Promise<void> => sent.then(() => wire.drained());
  const stop = new Once<void>();
  const gone = new Once<void>();
  let stopHeard = false;
  let goneHeard = false;
  outliveReaders();
  process.on('unhandledRejection', exitOnFault);
  process.on('uncaughtException', exitOnFault);
  // The parent decides when a child ends: Ctrl+C in a terminal reaches the whole group at once.
  process.on('SIGINT', () => undefined);
  wire.receive((message) => {
    if (isBrokerMessage(message)) return;
    if (!isControl(message, 'stop')) messages.deliver(message);
    else if (stopHeard) stop.happen();
    else process.exit(0);
  });
  wire.onClose(() => {
    if (goneHeard) gone.happen();
    else process.exit(0);
  });
  return {
    ready: () => send({ control: 'ready' }),
    again: () => send({ control: 'again' }),
    async fail(error) {
      send({ control: 'failed', error });
      await flush();
      process.exit(1);
    },
    post: send,
    flush,
    onMessage: (listener) => messages.listen(listener),
    onStop(listener) {
      stopHeard = true;
      stop.listen(listener);
    },
    onDisconnect(listener) {
      goneHeard = true;
      gone.listen(listener);
    },
  };
}

function exitOnFault(fault: unknown): void {
  process.stderr.write(`${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
  process.exit(1);
}

function nodeWire(): Wire {
  if (!process.send) throw new Error('This file is a child process of the app; it is not started by hand.');
  return {
    send: (message) =>
      new Promise((resolve) => {
        if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
        else resolve();
      }),
    drained: () => Promise.resolve(),
    receive: (listener) => process.on('message', listener),
    onClose: (listener) => process.on('disconnect', listener),
  };
}

function utilityWire(): Wire | null {
  const parent = parentPort();
  if (!parent) return null;
  return isBrokered() ? lateWire(firstPort(parent)) : portWire(parent);
}

/**
 * A port tells nobody when a message has left: what is still on its way when the process exits can be lost (on Windows,
 * all beyond the 4 KB that a pipe holds). So the parent is asked whether everything is there.
 */
function portWire(port: UtilityPort): Wire {
  const asked = new Map<number, () => void>();
  let last = 0;
  const take = (message: unknown): boolean => {
    if (!isControl(message, 'flushed')) return false;
    asked.get(message.flush)?.();
    return asked.delete(message.flush);
  };
  return {
    async send(message) {
      port.postMessage(message);
    },
    drained() {
      const flush = ++last;
      port.postMessage({ control: 'flush', flush } satisfies Control);
      return new Promise((resolve) => asked.set(flush, resolve));
    },
    receive(listener) {
      port.on('message', ({ data }) => {
        if (!take(data)) listener(data);
      });
      port.start?.();
    },
    onClose: (listener) => port.on('close', listener),
  };
}

/** The port to the engine, which the shell hands to a trainer or importer in its first message. */
function firstPort(parent: UtilityPort): Promise<UtilityPort> {
  return new Promise((resolve) => {
    parent.on('message', (event) => {
      if (event.ports[0]) resolve(event.ports[0]);
    });
  });
}

function lateWire(port: Promise<UtilityPort>): Wire {
  const wire = port.then(portWire);
  const use = (action: (opened: Wire) => void): void => {
    wire.then(action).catch(exitOnFault);
  };
  return {
    send: (message) => wire.then((opened) => opened.send(message)),
    drained: () => wire.then((opened) => opened.drained()),
    receive: (listener) => use((opened) => opened.receive(listener)),
    onClose: (listener) => use((opened) => opened.onClose(listener)),
  };
}

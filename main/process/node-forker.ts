import { fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import type { Channel, Exit, Forker, ForkOptions, Role } from './channel.ts';
import { Mailbox, Once } from './mailbox.ts';
import { entryOf } from './entry.ts';
import { forkWatched } from './watchdog.ts';
import { allocatorOf, v8FlagsOf } from './memory-limits.ts';

/**
 * Children of plain Node: the browser shell and the command line.
 * @param entry the file to run for a role; the built one unless a test says otherwise
 */
export function nodeForker(entry: (role: Role) => string = entryOf): Forker {
  return { fork: (role, options) => forkNode(entry(role), role, options) };
}

/** A child keeps its compiled code where this process does. */
function compileCache(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

function forkNode(file: string, role: Role, options: ForkOptions = {}): Channel {
  const messages = new Mailbox<unknown>();
  const ended = new Once<Exit>();
  const child = forkWatched(role, () =>
    fork(file, [...(options.arguments ?? [])], {
      env: { ...process.env, ...compileCache(), ...allocatorOf(role), ...options.env },
      // Not the parent's: a test runner's or debugger's switches are not the child's.
      execArgv: v8FlagsOf(role),
      serialization: 'advanced',
      // A child's stdout may not mix with the one JSON value that a command prints.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
  child.on('message', (message) => messages.deliver(message));
  child.on('error', () => {
    // Could not be started (no 'exit' follows), or could not be reached (one does).
    if (child.pid === undefined) ended.happen({ code: 127, signal: null });
  });
  child.on('exit', (code, signal) => ended.happen({ code, signal }));
  return {
    get pid() {
      return child.pid;
    },
    post(message) {
      // The callback takes the error of a child that ended while the message was on its way.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => messages.listen(listener),
    onExit: (listener) => ended.listen(listener),
    kill(signal = 'SIGTERM') {
      if (!ended.hasHappened) child.kill(signal);
    },
  };
}

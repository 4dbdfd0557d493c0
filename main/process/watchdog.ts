/**
 * Ends the children of a process that is gone. A child notices by itself when its channel closes, but only when its
 * event loop turns: not in the midst of a long computation, not while it is stopped. So beside the children of Node
 * runs a shell of under a megabyte, which waits for the other end of its input to close, as it does however this
 * process ends, and then kills what is left.
 *
 * Windows needs none: libuv puts children into a job object that ends with their parent. Nor does Electron, whose
 * utility processes end on a thread of their own when the main process is gone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Role } from './channel.ts';

/** Seconds that a child has to end by itself. The engine marks what trains as interrupted and closes the database. */
const grace = { quick: 2, slow: 12 };

/** Lines in: `quick PID`, `slow PID`, `gone PID`. */
const script = `
trap '' HUP INT QUIT TERM
without() { for each in $2; do [ "$each" = "$1" ] || printf '%s ' "$each"; done; }
quick=; slow=
while read -r what pid; do
  case $what in
    quick) quick="$quick $pid" ;;
    slow) slow="$slow $pid" ;;
    gone) quick=$(without "$pid" "$quick"); slow=$(without "$pid" "$slow") ;;
  esac
done
[ -n "$quick$slow" ] || exit 0
sleep ${grace.quick}
[ -z "$quick" ] || kill -9 $quick
[ -n "$slow" ] || exit 0
sleep ${grace.slow - grace.quick}
kill -9 $slow
`;

let watchdog: ChildProcess | null = null;

/** Forks a child that ends when this process is gone. */
export function forkWatched(role: Role, fork: () => ChildProcess): ChildProcess {
  // Before the child, so that there is no moment in which nobody watches it.
  if (process.platform !== 'win32') watchdog ??= start();
  const child = fork();
  const { pid } = child;
  const input = watchdog?.stdin;
  if (pid !== undefined && input) {
    input.write(`${role === 'engine' ? 'slow' : 'quick'} ${pid}\n`);
    child.on('exit', () => input.write(`gone ${pid}\n`));
  }
  return child;
}

function start(): ChildProcess {
  // A session of its own: what ends this process's group or terminal leaves it alone.
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Where there is no shell, or somebody ended it, children still notice by themselves; a new one is tried next time.
  const lose = (): void => {
    if (watchdog === child) watchdog = null;
  };
  child.on('error', lose);
  child.on('exit', lose);
  child.stdin.on('error', lose);
  child.unref();
  // Its type says stream, but it is a socket, which can be unreferenced.
  (child.stdin as Socket).unref();
  return child;
}

/** Where the socket of an engine is: a folder that only this user can enter, among the system's temporary files. */
import { lstatSync, mkdtempSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRunning } from '../base/data-folder.ts';
import { WorkbenchError } from '../base/errors.ts';

const socketName = 'engine.sock';
/** Bytes that the address of a socket may have: 103 on macOS, 107 on Linux. */
const longestAddress = 103;
/** With the process that made it; the first version left that out. */
const ours = /^workbench-(?:(\d+)-)?[A-Za-z0-9]{6}$/;

/** The temporary folder, and others for where its path is too long for a socket or its disk is full. */
function candidates(): string[] {
  const folders = [tmpdir(), process.env.XDG_RUNTIME_DIR, '/tmp'].filter((folder) => folder !== undefined);
  return [...new Set(folders.filter((folder) => folder.startsWith('/')))];
}

/**
 * The address of a new socket, in a folder made for it.
 * @throws WorkbenchError `no-socket-folder`, or what the system says of the last folder that was tried
 */
export function newSocketAddress(): string {
  const stem = (folder: string): string => join(folder, `workbench-${process.pid}-`);
  const short = candidates().filter(
    (folder) => Buffer.byteLength(join(`${stem(folder)}XXXXXX`, socketName)) <= longestAddress,
  );
  let reason: unknown = new WorkbenchError(
    'no-socket-folder',
    `The path of the temporary folder ${tmpdir()} is too long for a socket.`,
    'Set TMPDIR to a shorter path.',
  );
  for (const folder of short) {
    try {
      return join(mkdtempSync(stem(folder)), socketName);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/** Takes the folder of a socket away. */
export function dropSocketFolder(address: string): void {
  try {
    if (lstatSync(address, { throwIfNoEntry: false })) unlinkSync(address);
    rmdirSync(dirname(address));
  } catch {
    // Something else is in it, or it is gone: the next sweep looks again.
  }
}

/** Takes away what engines that were killed have left: folders of our names and this user in which nobody listens. */
export async function sweepSocketFolders(): Promise<void> {
  for (const folder of candidates()) {
    for (const name of namesIn(folder)) {
      const match = ours.exec(name);
      if (!match || (match[1] !== undefined && isRunning(Number(match[1])))) continue;
      const path = join(folder, name);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue;
      const inside = namesIn(path);
      if (inside.length === 0 ? match[1] !== undefined : inside.join() === socketName && (await isDead(path)))
        dropSocketFolder(join(path, socketName));
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether nobody listens at the socket in a folder; for what is no socket at all: no. */
async function isDead(folder: string): Promise<boolean> {
  if (!lstatSync(join(folder, socketName), { throwIfNoEntry: false })?.isSocket()) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(join(folder, socketName));
  socket.once('connect', () => resolve(false));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  return promise.finally(() => socket.destroy());
}

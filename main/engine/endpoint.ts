/** A local socket on which commands join a running engine: one JSON value a line, requests in, answers and events out. */
import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Guest, type Invokable } from './guest.ts';
import { dropSocketFolder, newSocketAddress } from './socket-folder.ts';

export interface Endpoint {
  readonly address: string;
  /** From now on takes no more commands: they wait until the folder is free. */
  refuse(): void;
  /** Ends when every joined command has its answers and is gone; until then takes more, unless `refuse` was called. */
  close(): Promise<void>;
}

/** Listens on a socket that only this user can reach. */
export async function listen(engine: Invokable): Promise<Endpoint> {
  const address =
    process.platform === 'win32' ? `\\\\.\\pipe\\workbench-${randomUUID()}` : newSocketAddress();
  const guests = new Set<Guest>();
  let closing = false;
  let empty: () => void = () => undefined;
  const server = createServer((socket) => {
    const guest = new Guest(socket, engine);
    guests.add(guest);
    if (closing) guest.dismiss();
    socket.on('close', () => {
      guests.delete(guest);
      if (guests.size === 0) empty();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Without descriptors for one more command, those that joined go on.
  server.on('error', (error) => process.stderr.write(`A command could not join: ${error.message}\n`));
  return {
    address,
    refuse: () => void server.close(),
    async close() {
      closing = true;
      for (const guest of guests) guest.dismiss();
      if (guests.size > 0) await new Promise<void>((resolve) => (empty = resolve));
      server.close();
      if (process.platform !== 'win32') dropSocketFolder(address);
    },
  };
}

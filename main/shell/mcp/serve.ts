import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { defaultDataDir } from '../../base/data-folder.ts';
import { versions } from '../../base/versions.ts';
import { openEngineHost } from '../../engine/host.ts';
import { Lease } from './lease.ts';
import { mcpServer } from './server.ts';

export interface ServeOptions {
  readonly dataDir: string | undefined;
  readonly allowWrites: boolean;
}

/** Serves on standard input and output until the client closes them. What is not protocol goes to standard error. */
export async function serveMcp({ dataDir, allowWrites }: ServeOptions): Promise<void> {
  const lease = new Lease(() => openEngineHost(dataDir ?? defaultDataDir()));
  const transport = new StdioServerTransport();
  const ended = new Promise<void>((resolve) => process.stdin.once('close', resolve).once('end', resolve));
  const handle = serveStdio(() => mcpServer(lease, versions.app, allowWrites), {
    transport,
    onerror: (error) => process.stderr.write(`${error.message}\n`),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.stdin.destroy());
  await ended;
  await handle.close();
  await lease.close();
}

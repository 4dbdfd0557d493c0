/** The windows built over the stand-in, served with the shells' own headers, for fast tests and measurements. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { rendererFiles } from '../../main/shell/renderer-files.ts';
import { securityHeaders } from '../../main/shell/policy.ts';

/** The one file of the windows that is another here. */
const standIn: Plugin = {
  name: 'stand-in',
  enforce: 'pre',
  resolveId: (source) =>
    source.endsWith('/transport/choose.ts') ? join(import.meta.dirname, 'choose.ts') : undefined,
};

export interface StandInWindow {
  url: string;
  close(): Promise<void>;
}

export async function serveStandInWindow(): Promise<StandInWindow> {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-windows-'));
  await build({
    configFile: join(import.meta.dirname, '../../renderer/vite.config.ts'),
    plugins: [standIn],
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  const files = rendererFiles(folder);
  const server: Server = createServer((request, response) => {
    const file = files.get((request.url ?? '/').split('?')[0] ?? '/');
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    readFile(file.path).then(
      (body) => response.writeHead(200, { 'content-type': file.type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

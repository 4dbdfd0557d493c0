import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workbench } from '../../fixtures/in-process.ts';
import { serveBuilt } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `workbench serve` with words that keep it from serving. */
const refused = (dataDir: string, ...words: string[]) => workbench(dataDir, 'serve', '--no-open', ...words);

describe('workbench serve', () => {
  it.each(['99999', '-1', '80.5', 'http'])('refuses %s as wrong use', async (port) => {
    expect(await refused(folder, `--port=${port}`)).toMatchObject({
      code: 2,
      output: { error: { code: 'wrong-port' } },
    });
  });

  it('says that a port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await refused(join(folder, 'taken'), '--port', String(port));
    expect(answer).toMatchObject({ code: 1, output: { error: { code: 'port-taken' } } });
    server.close();
  });

  it('says who owns the data folder', async () => {
    const dataDir = join(folder, 'owned');
    const served = await serveBuilt(dataDir);
    const answer = await refused(dataDir);
    expect(answer).toMatchObject({ code: 1, output: { error: { code: 'folder-owned' } } });
    served.process.kill('SIGTERM');
    expect(await served.ended).toBe(0);
  });
});

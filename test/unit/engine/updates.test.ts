import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isNewer, lookForUpdate } from '../../../main/engine/updates.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A project's page; every request is kept. */
async function page(answer: RequestListener): Promise<{ homepage: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { homepage: `http://127.0.0.1:${port}/workbench/`, asked };
}

const saying =
  (text: string): RequestListener =>
  (_request, response) =>
    void response.end(text);
const look = (homepage: string, allowed: boolean | null = true, version = '0.1.0') =>
  lookForUpdate({ allowed, version, homepage });

describe('The look for a new version', () => {
  it.each([null, false])('makes no network call where the person has said %s', async (allowed) => {
    const { homepage, asked } = await page(saying('{"version":"9.0.0"}'));
    await expect(look(homepage, allowed)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(asked).toEqual([]);
  });

  it('fetches one file, and tells it nothing of the app', async () => {
    const { homepage, asked } = await page(saying('{"version":"0.2.0"}'));
    expect(await look(homepage)).toMatchObject({ outcome: 'newer', latest: '0.2.0' });
    expect(asked.length).toBe(1);
    expect(asked[0]).toMatch(/^GET \/workbench\/latest\.json /);
    expect(asked[0]).not.toMatch(/0\.1\.0|cookie|referer/i);
  });

  it('says so where this version is the newest', async () => {
    const { homepage } = await page(saying('{"version":"0.1.0"}'));
    expect(await look(homepage)).toMatchObject({ outcome: 'current' });
  });

  it('asks nobody where the build names no page', async () => {
    expect(await look('https://recommender-workbench.example/')).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['what is no JSON', saying('<html>'), 'no-version'],
    ['what is no version', saying('{"version":"<b>1</b>"}'), 'no-version'],
    ['an endless answer', saying(' '.repeat(100_000)), 'no-network'],
    ['no such file', (_: unknown, response) => void response.writeHead(404).end(), 'no-network'],
    [
      'another address',
      (_: unknown, response) => void response.writeHead(302, { location: 'https://evil.example/' }).end(),
      'no-network',
    ],
  ] satisfies [string, RequestListener, string][])('refuses %s', async (_name, answer, code) => {
    const { homepage } = await page(answer);
    await expect(look(homepage)).rejects.toMatchObject({ code });
  });

  it('compares versions by number, and a release with what came before it', () => {
    expect(isNewer('0.10.0', '0.9.9')).toBe(true);
    expect(isNewer('1.0.0', '1.0.0-beta')).toBe(true);
    expect(isNewer('1.0.0', '1.0.0')).toBe(false);
    expect(isNewer('0.9.9', '0.10.0-beta')).toBe(false);
  });
});

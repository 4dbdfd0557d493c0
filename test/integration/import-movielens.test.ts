/** The MovieLens download, against a server on this machine alone. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFile } from '../../main/files/import.ts';
import {
  downloadMovieLens,
  movieLens,
  movieLensNames,
  movieLensOptions,
} from '../../main/files/movielens.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { zipOf } from '../fixtures/data/zip.ts';

const ratings = Array.from(
  { length: 40_000 },
  (_, k) => `${k % 997},${(k * 7919) % 10_007},${1 + (k % 5)}.0,${1e9 + k}`,
);
const archive = zipOf({
  'ml-latest-small/README.txt': 'terms',
  'ml-latest-small/movies.csv': 'movieId,title,genres\n0,"Made Up, The (1999)",Comedy|Drama\n',
  'ml-latest-small/ratings.csv': ['userId,movieId,rating,timestamp', ...ratings].join('\r\n'),
});
const md5 = createHash('md5').update(archive).digest('hex');

/** What the server does besides serving. */
let fault: 'none' | 'break off' | 'wrong bytes' | 'error' = 'none';
let etag = '"one"';
let requests: { url: string; range: string | undefined }[] = [];
let server: Server;
let address = '';

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response) => {
    const range = request.headers.range;
    requests.push({ url: request.url ?? '', range });
    if (request.url?.endsWith('.md5')) {
      response.end(`${md5}  ml-latest-small.zip\n`);
      return;
    }
    if (fault === 'error') {
      response.statusCode = 503;
      response.end();
      return;
    }
    const from = range && request.headers['if-range'] === etag ? Number(/\d+/.exec(range)?.[0]) : 0;
    const body = fault === 'wrong bytes' ? Buffer.alloc(archive.length, 7) : archive.subarray(from);
    response.statusCode = from > 0 ? 206 : 200;
    response.setHeader('etag', etag);
    response.setHeader('content-length', body.length);
    if (fault === 'break off') {
      response.write(body.subarray(0, body.length >> 1), () => setTimeout(() => response.destroy(), 50));
    } else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
});
afterAll(() => void server.close());

const base = temporaryFolder();
let target = '';
let round = 0;
beforeEach(() => {
  target = join(base.path, `round-${++round}`);
  fault = 'none';
  etag = '"one"';
  requests = [];
});

const download = (onProgress?: (done: number, total: number | null) => void): Promise<string> =>
  downloadMovieLens('ml-latest-small', target, { server: address, ...(onProgress && { onProgress }) });

describe('the MovieLens download', () => {
  it('fetches, checks and imports with titles', async () => {
    const seen: [number, number | null][] = [];
    const path = await download((done, total) => seen.push([done, total]));
    expect(seen.at(-1)).toEqual([archive.length, archive.length]);
    expect(readFileSync(path).equals(archive)).toBe(true);
    const { dataset, shape } = await importFile(path, movieLensOptions('ml-latest-small', path));
    expect(dataset.ratings.item.length).toBe(40_000);
    expect([shape, dataset.metadata?.titles[dataset.itemIds.indexOf('0')]]).toEqual([
      'MovieLens ratings.csv',
      'Made Up, The (1999)',
    ]);
    expect(readdirSync(target)).toEqual(['ml-latest-small.zip']);
  });

  it('goes on where a broken download stopped', async () => {
    fault = 'break off';
    await expect(download()).rejects.toMatchObject({ code: 'download-failed' });
    const half = statSync(join(target, 'ml-latest-small.zip.part')).size;
    expect(half).toBeGreaterThan(0);
    fault = 'none';
    requests = [];
    const path = await download();
    expect(requests.at(-1)?.range).toBe(`bytes=${half}-`);
    expect(readFileSync(path).equals(archive)).toBe(true);
  });

  it('begins anew where the server has another file by now', async () => {
    fault = 'break off';
    await expect(download()).rejects.toMatchObject({ code: 'download-failed' });
    fault = 'none';
    etag = '"two"';
    expect(readFileSync(await download()).equals(archive)).toBe(true);
  });

  it('throws away what has another checksum', async () => {
    fault = 'wrong bytes';
    await expect(download()).rejects.toMatchObject({ code: 'checksum' });
    expect(readdirSync(target)).toEqual([]);
  });

  it('fetches nothing twice', async () => {
    const path = await download();
    requests = [];
    expect(await download()).toBe(path);
    expect(requests.map((request) => request.url.endsWith('.md5'))).toEqual([true]);
    writeFileSync(path, 'changed');
    expect(readFileSync(await download()).equals(archive)).toBe(true);
  });

  it('says what failed', async () => {
    fault = 'error';
    await expect(download()).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('503') as string,
    });
    const nowhere = downloadMovieLens('ml-1m', target, { server: 'http://127.0.0.1:1' });
    await expect(nowhere).rejects.toMatchObject({ code: 'no-network' });
    expect(existsSync(join(target, 'ml-1m.zip'))).toBe(false);
  });

  it('stops when it is cancelled, and can go on', async () => {
    const controller = new AbortController();
    const options = { server: address, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(downloadMovieLens('ml-latest-small', target, options)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readFileSync(await download()).equals(archive)).toBe(true);
  });

  it('has terms to show for each data set', () => {
    for (const name of movieLensNames) expect(movieLens[name].licence).toMatch(/GroupLens.*research.*cite/);
  });
});

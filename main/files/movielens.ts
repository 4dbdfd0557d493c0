/** GroupLens' data sets, fetched from their own server at the user's wish. Nothing of them is part of this app. */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  writeSync,
  renameSync,
  rmSync,
  statSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { WorkbenchError } from '../base/errors.ts';
import { throwIfAborted } from './abort.ts';
import type { ImportOptions } from './types.ts';

export const movieLensNames = ['ml-100k', 'ml-1m', 'ml-25m', 'ml-latest-small'] as const;
export type MovieLensName = (typeof movieLensNames)[number];

export interface MovieLensInfo {
  name: MovieLensName;
  title: string;
  /** Path below the server's root. */
  path: string;
  /** Size of the archive as its site states it, about. */
  bytes: number;
  ratings: number;
  /** Shown before anything is fetched; the full text is in the archive's README. */
  licence: string;
  /** Member of the archive with the ratings, and the one with the titles. */
  member: string;
  items: string;
}

const researchLicence =
  'By GroupLens Research at the University of Minnesota. You may use it for research; you may not claim their ' +
  'endorsement, redistribute it without separate permission, or use it for revenue without permission of a faculty ' +
  'member. Publications must cite F. Maxwell Harper and Joseph A. Konstan: The MovieLens Datasets: History and ' +
  'Context. ACM TiiS 5, 4 (2015), 19. The full terms are in the README of the archive.';

const redistributable =
  'By GroupLens Research at the University of Minnesota. You may use it for research and redistribute it, also ' +
  'changed, under these same terms; you may not claim their endorsement or use it for revenue without permission of a ' +
  'faculty member. Publications must cite F. Maxwell Harper and Joseph A. Konstan: The MovieLens Datasets: History and ' +
  'Context. ACM TiiS 5, 4 (2015), 19. The full terms are in the README of the archive.';

export const movieLens: Record<MovieLensName, MovieLensInfo> = {
  'ml-100k': {
    name: 'ml-100k',
    title: 'MovieLens 100K',
    path: '/datasets/movielens/ml-100k.zip',
    bytes: 5e6,
    ratings: 100_000,
    licence: researchLicence,
    member: 'ml-100k/u.data',
    items: 'ml-100k/u.item',
  },
  'ml-1m': {
    name: 'ml-1m',
    title: 'MovieLens 1M',
    path: '/datasets/movielens/ml-1m.zip',
    bytes: 6e6,
    ratings: 1_000_209,
    licence: researchLicence,
    member: 'ml-1m/ratings.dat',
    items: 'ml-1m/movies.dat',
  },
  'ml-25m': {
    name: 'ml-25m',
    title: 'MovieLens 25M',
    path: '/datasets/movielens/ml-25m.zip',
    bytes: 250e6,
    ratings: 25_000_095,
    licence: researchLicence,
    member: 'ml-25m/ratings.csv',
    items: 'ml-25m/movies.csv',
  },
  'ml-latest-small': {
    name: 'ml-latest-small',
    title: 'MovieLens latest, small',
    path: '/datasets/movielens/ml-latest-small.zip',
    bytes: 1e6,
    ratings: 100_836,
    licence: redistributable,
    member: 'ml-latest-small/ratings.csv',
    items: 'ml-latest-small/movies.csv',
  },
};

/** How the archive is imported: its ratings with its titles. */
export function movieLensOptions(name: MovieLensName, archive: string): ImportOptions {
  const { member, items } = movieLens[name];
  return { member, items: { path: archive, member: items } };
}

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Bytes so far, bytes in all where the server says, bytes a second. */
  onProgress?: (done: number, total: number | null, rate: number) => void;
  /** Another server, for tests. */
  server?: string;
}

const SERVER = 'https://files.grouplens.org';
const INTERVAL = 100;

/**
 * Fetches the archive into the folder and returns its path. A download that broke off goes on where it stopped, as long
 * as the server's file is the same; the MD5 that the server publishes beside it is checked at the end.
 *
 * @throws WorkbenchError `no-network`, `download-failed`, `checksum`, `cancelled`
 */
export async function downloadMovieLens(
  name: MovieLensName,
  folder: string,
  options: DownloadOptions = {},
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const url = (options.server ?? SERVER) + movieLens[name].path;
  const target = join(folder, `${name}.zip`);
  const draft = `${target}.part`;
  const expected = await publishedMd5(url, options.signal);
  if (existsSync(target)) {
    if (expected === null || (await md5Of(target)) === expected) return target;
    rmSync(target);
  }
  await fetchInto(url, draft, options);
  if (expected !== null && (await md5Of(draft)) !== expected) {
    rmSync(draft, { force: true });
    throw new WorkbenchError(
      'checksum',
      `${name}.zip arrived with another checksum than the server publishes.`,
      'It was thrown away. Try again.',
    );
  }
  renameSync(draft, target);
  return target;
}

async function request(
  url: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: signal ?? null });
  } catch (error) {
    throwIfAborted(signal);
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new WorkbenchError(
      'no-network',
      `${new URL(url).host} cannot be reached: ${cause}.`,
      'Check the network, or fetch the archive by other means and import it as a file.',
    );
  }
}

/** The checksum in the file `….zip.md5`, or null where the server has none. */
async function publishedMd5(url: string, signal?: AbortSignal): Promise<string | null> {
  const response = await request(`${url}.md5`, {}, signal);
  if (!response.ok) {
    await response.body?.cancel();
    return null;
  }
  return /\b[0-9a-f]{32}\b/i.exec(await response.text())?.[0].toLowerCase() ?? null;
}

/** Fetches into the draft, from where it ends if the server still has the same file. */
async function fetchInto(url: string, draft: string, { signal, onProgress }: DownloadOptions): Promise<void> {
  const tagFile = `${draft}.etag`;
  let offset = existsSync(draft) ? statSync(draft).size : 0;
  const headers: Record<string, string> = {};
  const tag = offset > 0 && existsSync(tagFile) ? readFileSync(tagFile, 'utf8') : null;
  if (offset > 0 && tag !== null) Object.assign(headers, { range: `bytes=${offset}-`, 'if-range': tag });
  else offset = 0;
  const response = await request(url, headers, signal);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    if (response.status === 416) {
      rmSync(draft, { force: true });
      rmSync(tagFile, { force: true });
    }
    throw new WorkbenchError(
      'download-failed',
      `The server answered ${response.status} for ${url}.`,
      'Try again later, or fetch the archive by other means and import it as a file.',
    );
  }
  if (response.status !== 206) offset = 0;
  const length = Number(response.headers.get('content-length') ?? NaN);
  const total = Number.isNaN(length) ? null : offset + length;
  const etag = response.headers.get('etag') ?? response.headers.get('last-modified');
  const file = openSync(draft, offset > 0 ? 'a' : 'w');
  try {
    if (etag) writeFileSync(tagFile, etag);
    let done = offset;
    let last = 0;
    const began = performance.now();
    for await (const chunk of response.body) {
      throwIfAborted(signal);
      writeSync(file, chunk);
      done += chunk.length;
      const now = performance.now();
      if (now - last < INTERVAL) continue;
      last = now;
      onProgress?.(done, total, ((done - offset) * 1000) / Math.max(1, now - began));
    }
    onProgress?.(done, total, ((done - offset) * 1000) / Math.max(1, performance.now() - began));
    if (total !== null && done !== total) throw new Error(`${done} of ${total} bytes came`);
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof WorkbenchError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError(
      'download-failed',
      `The download broke off: ${reason}.`,
      'Start it again: it continues where it stopped.',
    );
  } finally {
    closeSync(file);
  }
  rmSync(tagFile, { force: true });
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

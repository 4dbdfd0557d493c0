/** The folder of files in the making: imports, uploads, and exports that a browser fetches. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { isRunning, isUuid, makeOwnFolder, sweepFolder } from '../base/data-folder.ts';
import { stagingPath } from './folder.ts';

/** A place for the files of a job; the importer makes it. @throws WorkbenchError `folder-unusable` */
export function newStaging(dataDir: string): string {
  makeOwnFolder(stagingPath(dataDir));
  return join(stagingPath(dataDir), `job-${randomUUID()}`);
}

/** Takes away what jobs and shells that are gone have left. Only the owner of the data folder may. */
export function sweepStaging(dataDir: string): void {
  const staging = stagingPath(dataDir);
  sweepFolder(staging, 'folders', (name) => isUuid(name.replace(/^job-/, '')) || isOfGoneShell(name));
  // Where the first version kept what came from a browser and went to it.
  for (const kind of ['uploads', 'exports']) sweepFolder(join(staging, 'browser', kind), 'folders', isUuid);
}

function isOfGoneShell(name: string): boolean {
  const pid = /^shell-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

/** Takes away a file that a browser sent, once it is imported; any other file is the person's own and stays. */
export function dropUpload(dataDir: string, path: string): void {
  const [shell, kind, upload, ...rest] = resolve(path)
    .slice(resolve(stagingPath(dataDir)).length + 1)
    .split(sep);
  const inStaging = resolve(path).startsWith(resolve(stagingPath(dataDir)) + sep);
  if (!inStaging || !/^shell-\d+-/.test(shell) || kind !== 'uploads' || !isUuid(upload) || rest.length !== 1)
    return;
  rmSync(join(stagingPath(dataDir), shell, kind, upload), { recursive: true, force: true });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  /** Systems that it is for; all where none is named. */
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockFile = Readonly<Record<string, LockedPackage>>;

/**
 * What would make `npm ci` fail on another system: npm locks the packages of every platform, and one that the registry
 * did not have when the lock was made is missing, or has no checksum. Also versions that are not pinned, and tarballs
 * that are not the registry's.
 */
export function lockProblems(packages: LockFile = readLock()): string[] {
  const problems: string[] = [];
  for (const [path, locked] of Object.entries(packages)) {
    for (const name of Object.keys(locked.optionalDependencies ?? {})) {
      if (!find(packages, path, name))
        problems.push(`${name}, an optional package of ${path || 'this project'}, is not in the lock`);
    }
    if (path === '') continue;
    if (!locked.integrity)
      problems.push(`${path} has no checksum: the registry has no tarball of ${locked.version}`);
    if (locked.resolved && !/^https:\/\/registry\.npmjs\.org\//.test(locked.resolved)) {
      problems.push(`${path} comes from elsewhere than the registry`);
    }
  }
  const { dependencies, devDependencies, optionalDependencies } = packages[''] ?? {};
  for (const [name, version] of Object.entries({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  })) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`${name} is not pinned: ${version}`);
  }
  return problems;
}

/** As Node looks a package up: beside the one that asks, then further out. */
function find(packages: LockFile, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

/** The packages of the lock file by their path. */
export function readLock(): LockFile {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: LockFile }).packages;
}

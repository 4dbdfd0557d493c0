/** What a package holds: each part with its size, and what of it is for another system than it should be. */
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { binaryOf, type Binary } from './binary.ts';

export interface Contents {
  /** Bytes by part: a package of node_modules, or a folder. */
  readonly parts: ReadonlyMap<string, number>;
  /** Machine code by path. */
  readonly binaries: ReadonlyMap<string, Binary>;
}

export function contentsOf(folder: string): Contents {
  const parts = new Map<string, number>();
  const binaries = new Map<string, Binary>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).replaceAll(sep, '/');
    const part = partOf(name);
    parts.set(part, (parts.get(part) ?? 0) + lstatSync(path).size);
    const binary = binaryOf(headOf(path));
    if (binary) binaries.set(name, binary);
  }
  return { parts, binaries };
}

/** Machine code that does not run on a system, one line each. */
export function foreignIn({ binaries }: Contents, system: string, arch: string): string[] {
  return [...binaries]
    .filter(([, binary]) => binary.system !== system || !binary.arches.includes(arch))
    .map(([name, binary]) => `${name} is for ${binary.system} ${binary.arches.join(', ')}`);
}

/** The list as text, the largest first. */
export function listOf({ parts }: Contents): string {
  const largest = [...parts].sort(([, a], [, b]) => b - a);
  const total = largest.reduce((sum, [, bytes]) => sum + bytes, 0);
  const lines = [['all', total] as const, ...largest];
  return lines.map(([name, bytes]) => `${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${name}\n`).join('');
}

function partOf(name: string): string {
  const inside = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name);
  if (inside) return inside[1];
  if (/(^|\/)resources\//i.test(name)) return name.replace(/^.*resources\//i, '').split('/')[0];
  return 'Electron';
}

function headOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The project's root. */
export const root = join(import.meta.dirname, '..', '..');

/** When anything under these files and folders (relative to the root) was last written, in ms since 1970. */
export function lastWritten(paths: readonly string[]): number {
  let latest = 0;
  for (const path of paths) {
    const absolute = join(root, path);
    const status = statSync(absolute, { throwIfNoEntry: false });
    if (!status) continue;
    // A folder's own time tells of files that were deleted.
    latest = Math.max(latest, status.mtimeMs);
    if (!status.isDirectory()) continue;
    for (const entry of readdirSync(absolute)) latest = Math.max(latest, lastWritten([join(path, entry)]));
  }
  return latest;
}

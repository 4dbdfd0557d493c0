/**
 * Keeps compiled code between starts of the programs that Node runs, which takes a fifth off a command. Not in the
 * system's folder for temporary files, where another user of the machine could put code of theirs.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { versions } from './versions.ts';

/** Call before anything else is imported. Nothing is kept, and nothing said, where the folder cannot be written. */
export function cacheCompiledCode(): void {
  // Sources are compiled anew as they change.
  if (import.meta.url.endsWith('.ts')) return;
  const folder = join(cacheFolder(), `code-${versions.app}`);
  if (!existsSync(folder)) removeOthers(dirname(folder));
  enableCompileCache(folder);
}

/** Where the system keeps what a user's programs can make again. */
export function cacheFolder(platform = process.platform, env = process.env): string {
  const name = 'recommender-workbench';
  // Beside the data, not among them: a data folder may be moved, backed up and restored.
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), `${name}-cache`);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', name);
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), name);
}

/** Code of other versions of the app, which nobody starts any more. */
function removeOthers(folder: string): void {
  try {
    for (const name of readdirSync(folder))
      if (name.startsWith('code-')) rmSync(join(folder, name), { recursive: true, force: true });
  } catch {
    // There is no such folder yet, or it is not ours to change.
  }
}

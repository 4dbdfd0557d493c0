import { existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Role } from './channel.ts';

/**
 * The folder that holds this app's package.json: the project's root, or `app.asar` in a packaged app. Found by walking
 * up, so it is right from a source file, from a bundle and from a chunk of one.
 */
export function appRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'dist', 'main'))) return folder;
    if (dirname(folder) === folder) throw new Error('The app is not built: run `npm run build`.');
  }
}

/** The built file of a process. */
export function entryOf(role: Role): string {
  return join(appRoot(), 'dist', 'main', `${role}.js`);
}

/** Where the app keeps its data unless told: the usual per-user place of each system. */
export function defaultDataDir(platform = process.platform, env = process.env): string {
  if (env.WORKBENCH_DATA_DIR) return env.WORKBENCH_DATA_DIR;
  const name = 'recommender-workbench';
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), name);
}

/** As `mkdir -p`. Node's own `recursive` never returns where a parent takes no folders, as in /proc. */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

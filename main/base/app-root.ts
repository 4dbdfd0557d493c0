import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

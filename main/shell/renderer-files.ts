import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { appRoot } from '../base/app-root.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

export interface RendererFile {
  readonly path: string;
  readonly type: string;
  /** Its name carries a hash of its content. */
  readonly hashed: boolean;
}

/**
 * The built window's files by URL path, `/` included. A path is looked up, never joined, so none leads out of the
 * folder however it is written; what the build did not make is not there.
 */
export function rendererFiles(folder = join(appRoot(), 'dist', 'renderer')): Map<string, RendererFile> {
  const files = new Map<string, RendererFile>();
  const walk = (below: string): void => {
    // Names and kinds alone: what else Node tells of an entry, Electron does not tell inside of an archive.
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const url = `${below}/${entry.name}`;
      const type = types[extname(entry.name)];
      if (entry.isDirectory()) walk(url);
      else if (type) files.set(url, { path: join(folder, url), type, hashed: url.startsWith('/assets/') });
    }
  };
  walk('');
  const index = files.get('/index.html');
  if (!index) throw new Error('The windows are not built: run `npm run build`.');
  return files.set('/', index);
}

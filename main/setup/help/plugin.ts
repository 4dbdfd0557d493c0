import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { root } from '../sources.ts';

const module = 'virtual:help';
const resolved = `\0${module}`;
const pictures = join(root, 'docs', 'pictures');

/** The module `virtual:help` for the windows, and the guide's pictures. Nothing of it is fetched at run time. */
export function helpPlugin(): Plugin {
  return {
    name: 'help',
    resolveId: (source) => (source === module ? resolved : undefined),
    async load(id) {
      if (id !== resolved) return undefined;
      // By address, so that Vite does not bundle every model into its own configuration.
      const topics = pathToFileURL(join(root, 'main/setup/help/topics.ts')).href;
      const { helpTopics } = (await import(topics)) as typeof import('./topics.ts');
      return `export const topics = ${JSON.stringify(helpTopics())};`;
    },
    generateBundle() {
      for (const name of readdirSync(pictures).filter((each) => each.endsWith('.png'))) {
        this.emitFile({
          type: 'asset',
          fileName: `help/${name}`,
          source: readFileSync(join(pictures, name)),
        });
      }
    },
  };
}

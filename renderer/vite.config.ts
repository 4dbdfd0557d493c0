import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { helpPlugin } from '../main/setup/help/plugin.ts';
import { thirdPartyNotices } from '../main/setup/notices.ts';

/** What the About dialog shows, and the packages carry beside the app. */
const notices: Plugin = {
  name: 'third-party-notices',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'third-party-notices.txt', source: thirdPartyNotices() });
  },
};

/** The windows' code: no inline script or style tag, so that it runs under the shells' content security policy. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte({ configFile: false }), notices, helpPlugin()],
  build: {
    target: 'chrome140',
    outDir: join(import.meta.dirname, '..', 'dist', 'renderer'),
    emptyOutDir: true,
    // A data: URL is not in the policy's font-src and img-src.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

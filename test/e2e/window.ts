/** The built window over the real shell, engine and importer, in a real Chromium; one for all tests of a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from '../fixtures/browser.ts';
import { serveBuilt, type Served } from '../integration/shell/serve.ts';

export interface RealWindow {
  /** For files of the test; the data folder is in it. Gone at the end. */
  readonly folder: string;
  readonly page: Page;
  readonly served: Served;
  /** What the page threw or printed as an error. */
  readonly errors: string[];
  button(name: string | RegExp, exact?: boolean): Locator;
}

/** Opens the window before the first test of the file and closes it after the last. */
export function realWindow(): RealWindow {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-window-'));
  const errors: string[] = [];
  let opened: { served: Served; browser: Browser; page: Page } | undefined;
  const open = (): { served: Served; browser: Browser; page: Page } => {
    if (!opened) throw new Error('The window opens before the first test.');
    return opened;
  };

  beforeAll(async () => {
    const [served, browser] = await Promise.all([serveBuilt(join(folder, 'data')), launchBrowser()]);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    opened = { served, browser, page };
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(served.url);
  });
  afterAll(async () => {
    await opened?.browser.close();
    opened?.served.process.kill();
    await opened?.served.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    folder,
    errors,
    get page() {
      return open().page;
    },
    get served() {
      return open().served;
    },
    button: (name, exact = false) => open().page.getByRole('button', { name, exact }),
  };
}

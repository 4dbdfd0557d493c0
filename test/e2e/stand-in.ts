/** The built window over recorded answers, in a real Chromium; one for all tests of a file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from '../fixtures/browser.ts';
import { serveStandInWindow, type StandInWindow } from '../windows/serve.ts';

export interface RecordedWindow {
  readonly url: string;
  /** An empty page of that size. */
  page(width?: number, height?: number): Promise<Page>;
}

/** Opens the browser before the first test of the file and closes it after the last. */
export function recordedWindow(): RecordedWindow {
  let opened: { window: StandInWindow; browser: Browser } | undefined;
  const open = (): { window: StandInWindow; browser: Browser } => {
    if (!opened) throw new Error('The window opens before the first test.');
    return opened;
  };
  beforeAll(async () => {
    const [window, browser] = await Promise.all([serveStandInWindow(), launchBrowser()]);
    opened = { window, browser };
  });
  afterAll(async () => {
    await opened?.browser.close();
    await opened?.window.close();
  });
  return {
    get url() {
      return open().window.url;
    },
    page: (width = 1440, height = 900) => open().browser.newPage({ viewport: { width, height } }),
  };
}

/** Where `WORKBENCH_PICTURES` names a folder, a picture goes into it. */
const pictures = process.env['WORKBENCH_PICTURES'];
if (pictures) mkdirSync(pictures, { recursive: true });
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

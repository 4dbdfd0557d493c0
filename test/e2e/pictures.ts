/** Pictures of every screen in both themes: `node test/e2e/pictures.ts FOLDER [screen …]`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../fixtures/browser.ts';
import { serveFakeWindow } from './fake-window.ts';
import { prepare, screenNames } from './story.ts';

const [folder = 'pictures', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const window = await serveFakeWindow();
const browser = await launchBrowser();
for (const theme of ['light', 'dark']) {
  for (const name of wanted.length > 0 ? wanted : screenNames) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => console.error(name, error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(name, message.text());
    });
    await prepare(page, window.url, name, theme).catch((error: unknown) =>
      console.error(name, String(error)),
    );
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    await page.close();
  }
}
await browser.close();
await window.close();

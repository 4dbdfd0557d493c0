import type { Page } from 'playwright-core';

/** Presses Tab until something of that name has the focus. */
export async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let press = 0; press < 400; press += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null;
      return at?.ariaLabel ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '';
    });
    if (wanted.test(name.trim())) return;
  }
  throw new Error(`Nothing called ${wanted.source} was reached with Tab.`);
}

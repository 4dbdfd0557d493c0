import type { Locator, Page } from 'playwright-core';

/** Presses Tab until something of that name, or that element, has the focus. */
export async function tabTo(page: Page, wanted: RegExp | Locator): Promise<void> {
  for (let press = 0; press < 400; press += 1) {
    await page.keyboard.press('Tab');
    if (wanted instanceof RegExp) {
      const name = await page.evaluate(() => {
        const at = document.activeElement as HTMLInputElement | null;
        return at?.ariaLabel ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '';
      });
      if (wanted.test(name.trim())) return;
    } else if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${wanted instanceof RegExp ? wanted.source : String(wanted)} was not reached with Tab.`);
}

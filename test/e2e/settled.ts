import type { Page } from 'playwright-core';

/** Milliseconds after which a page that still moves is a fault. */
const longest = 60_000;

/** Waits until nothing moves and everything that was asked for is drawn: colours in between would fail axe. */
export async function settled(page: Page): Promise<void> {
  const end = Date.now() + longest;
  while (!(await isStill(page)))
    if (Date.now() > end) throw new Error(`The page still moves after ${longest / 1000} s.`);
}

/** Whether the document is the same for two frames, and no animation that ends is under way. */
function isStill(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const before = document.body.innerHTML;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const moving = document
      .getAnimations()
      .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
    return moving.length === 0 && document.body.innerHTML === before;
  });
}

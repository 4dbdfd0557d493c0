import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const source = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** What axe-core finds on the page, one line a rule and place; an empty list is a pass. */
export async function axeViolations(page: Page): Promise<string[]> {
  // A colour on its way from one state to the next is on no screen for long enough to be read.
  await page.evaluate(async () => {
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  // Through the debugger, not as a script tag: the page's policy allows no foreign script.
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    // axe's script has put itself there; the page's types do not know it.
    const { axe } = globalThis as unknown as {
      axe: { run(options: unknown): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run({ resultTypes: ['violations'] })).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 4).map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

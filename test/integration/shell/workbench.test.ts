import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../fixtures/browser.ts';
import { serveBuilt, type Served } from './serve.ts';

let served: Served;
let browser: Browser;
const dataDir = mkdtempSync(join(tmpdir(), 'workbench-window-'));

beforeAll(async () => {
  served = await serveBuilt(dataDir);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  served.process.kill('SIGTERM');
  await served.ended;
  rmSync(dataDir, { recursive: true, force: true });
});

describe('The built windows under the policy of the shell', () => {
  it('draw themselves without an error, a refused request or a broken rule', async () => {
    const page = await (await browser.newContext()).newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => problems.push(request.url()));
    const seen: string[] = [];
    page.on('request', (request) => seen.push(new URL(request.url()).host));
    await page.goto(served.url);
    await page.waitForFunction(() => document.body.innerText.trim().length > 50);
    await page.waitForLoadState('networkidle');
    expect(problems).toEqual([]);
    expect([...new Set(seen)]).toEqual([new URL(served.url).host]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type BrowserServer } from '../../../main/shell/browser/server.ts';
import { Transfers } from '../../../main/shell/browser/transfers.ts';
import { rendererFiles } from '../../../main/shell/renderer-files.ts';
import { launchBrowser } from '../../fixtures/browser.ts';
import { FakeEngine } from './fake-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'browser-window-'));
const engine = new FakeEngine();
let shell: BrowserServer;
let browser: Browser;
let stranger: Server;

const html = `<!doctype html><title>start</title>
<script>document.title = 'inline script ran';</script>
<img src="x" onerror="document.title = 'inline handler ran'">
<p style="color: red">text</p>
<script type="module" src="./assets/main-1.js"></script>`;

const module = `
const socket = new WebSocket(location.origin.replace('http', 'ws') + '/engine');
socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'runs.list', params: {} }));
socket.onmessage = (message) => { window.answer = message.data; };
try { window.evaluated = eval('1 + 1'); } catch (error) { window.evaluated = error.name; }`;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), html);
  writeFileSync(join(folder, 'assets', 'main-1.js'), module);
  const transfers = new Transfers(join(folder, 'staging'));
  shell = await startServer({ engine, port: 0, transfers, files: rendererFiles(folder) });
  browser = await launchBrowser();
  stranger = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>stranger</title>');
  }).listen(0, '127.0.0.1');
});

afterAll(async () => {
  await browser.close();
  await shell.close();
  stranger.close();
  rmSync(folder, { recursive: true });
});

async function openShell(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(shell.url);
  return page;
}

const answerOf = (page: Page) => page.waitForFunction(() => Reflect.get(window, 'answer') as unknown);

describe('In a real browser', () => {
  it('the address opens the window, and its token is gone from the address bar', async () => {
    const page = await openShell();
    expect(page.url()).toBe(`http://127.0.0.1:${shell.port}/`);
    expect(await (await answerOf(page)).jsonValue()).toContain('runs.list');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });

  it('inline scripts, handlers, styles and eval do not run', async () => {
    const page = await openShell();
    await answerOf(page);
    expect(await page.title()).toBe('start');
    expect(await page.evaluate(() => Reflect.get(window, 'evaluated') as unknown)).toBe('EvalError');
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('p')!).color)).toBe(
      'rgb(0, 0, 0)',
    );
  });

  it('nothing can be fetched from elsewhere', async () => {
    const page = await openShell();
    const { port } = stranger.address() as AddressInfo;
    const fetched = page.evaluate((url) => fetch(url).then(() => 'fetched'), `http://127.0.0.1:${port}/`);
    await expect(fetched).rejects.toThrow('Failed to fetch');
  });

  it('a page of another port of this machine, which has the cookie, reaches nothing', async () => {
    const page = await openShell();
    await answerOf(page);
    const asked = engine.asked.length;
    const { port } = stranger.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
    const reached = await page.evaluate(async (target) => {
      const socket = new Promise((resolve) => {
        const opened = new WebSocket(`${target.replace('http', 'ws')}/engine`);
        opened.onopen = () => resolve('open');
        opened.onerror = () => resolve('refused');
      });
      const get = fetch(target, { credentials: 'include', mode: 'no-cors' }).then(
        () => 'answered',
        () => 'blocked',
      );
      const post = fetch(`${target}/uploads`, { method: 'POST', credentials: 'include', body: 'x' }).then(
        () => 'answered',
        () => 'blocked',
      );
      const script = new Promise((resolve) => {
        const element = document.createElement('script');
        element.src = `${target}/assets/main-1.js`;
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('blocked');
        document.head.append(element);
      });
      return Promise.all([socket, get, post, script]);
    }, `http://127.0.0.1:${shell.port}`);
    expect(reached).toEqual(['refused', 'blocked', 'blocked', 'blocked']);
    expect(engine.asked.length).toBe(asked);
  });

  it('another name for this machine shows nothing (DNS rebinding)', async () => {
    const page = await (await browser.newContext()).newPage();
    const { search } = new URL(shell.url);
    const answer = await page.goto(`http://stranger.localhost:${shell.port}/${search}`);
    expect(answer?.status()).toBe(403);
    expect(await page.context().cookies()).toEqual([]);
  });

  it('no page can frame the window', async () => {
    const page = await openShell();
    const { port } = stranger.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.evaluate((target) => {
      const frame = document.createElement('iframe');
      frame.src = target;
      document.body.append(frame);
    }, `http://127.0.0.1:${shell.port}/`);
    // A refused frame holds an error page of the browser, whose address is no longer the first, blank one.
    const inner = () => page.frames().at(-1)?.url();
    await expect.poll(inner).not.toBe('about:blank');
    const titles = await Promise.all(page.frames().map((frame) => frame.title().catch(() => 'blocked')));
    expect(titles).not.toContain('start');
  });
});

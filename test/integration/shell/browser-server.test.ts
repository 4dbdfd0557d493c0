import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { rendererFiles } from '../../../main/shell/renderer-files.ts';
import { startServer, type BrowserServer } from '../../../main/shell/browser/server.ts';
import { Transfers } from '../../../main/shell/browser/transfers.ts';
import { FakeEngine } from './fake-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'browser-shell-'));
const staging = join(folder, 'staging');
const engine = new FakeEngine();
let shell: BrowserServer;
let cookie: string;
let origin: string;

beforeAll(async () => {
  const pages = join(folder, 'renderer');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>window</title>');
  writeFileSync(join(pages, 'assets', 'main-abc.js'), 'export {};');
  writeFileSync(join(folder, 'secret.js'), 'outside of the renderer');
  shell = await startServer({
    engine,
    port: 0,
    transfers: new Transfers(staging, 1000),
    files: rendererFiles(pages),
  });
  origin = `http://127.0.0.1:${shell.port}`;
  const answer = await ask(new URL(shell.url).pathname + new URL(shell.url).search);
  cookie = String(answer.headers['set-cookie']).split(';')[0];
});

afterAll(async () => {
  await shell.close();
  rmSync(folder, { recursive: true });
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** A raw request: unlike fetch it sends the path, the Host and the Origin as they are given. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: shell.port, path, method, headers }, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

const withCookie = (path: string, asked: Asked = {}) =>
  ask(path, { ...asked, headers: { cookie, ...asked.headers } });
const post = (path: string, body: string | Buffer = '') =>
  withCookie(path, { method: 'POST', headers: { origin }, body });

function open(headers: Record<string, string>, path = '/engine'): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${path}`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => resolve(0));
  });
}

const openWindow = async () => (await open({ cookie, origin })) as WebSocket;
const nextMessage = (socket: WebSocket) =>
  new Promise<unknown>((resolve) =>
    socket.once('message', (data) => resolve(JSON.parse((data as Buffer).toString()))),
  );

describe('The session', () => {
  it('is exchanged for the token of the address, which goes away at once', async () => {
    const { status, headers } = await ask(`/${new URL(shell.url).search}`);
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(new URL(shell.url).searchParams.get('token')).toHaveLength(43);
    expect(cookie).not.toContain(new URL(shell.url).searchParams.get('token'));
  });

  it('is not given for a wrong token', async () => {
    expect((await ask('/?token=')).status).toBe(403);
    expect((await ask(`/?token=${'a'.repeat(43)}`)).status).toBe(403);
  });

  it('is given once for a token that other users of the machine could read', async () => {
    const { search } = new URL(shell.urlForOnce());
    expect((await ask(`/${search}`)).status).toBe(303);
    expect((await ask(`/${search}`)).status).toBe(403);
  });

  it.each([
    '/',
    '/index.html',
    '/assets/main-abc.js',
    '/nothing',
    '/uploads',
    '/exports/1',
    '/engine',
    '/../x',
  ])('is asked for at %s', async (path) => {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { method: 'POST', headers: { origin } })).status).toBe(401);
    expect((await ask(path, { headers: { cookie: `workbench_${shell.port}=wrong` } })).status).toBe(401);
  });

  it('does not come with the cookie of another port', async () => {
    const other = cookie.replace(`workbench_${shell.port}`, 'workbench_1');
    expect((await ask('/', { headers: { cookie: other } })).status).toBe(401);
  });
});

describe('Requests', () => {
  it('with the session get the window', async () => {
    const { status, text, headers } = await withCookie('/');
    expect(status).toBe(200);
    expect(text).toContain('<title>window</title>');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('for anything that was not built get 404', async () => {
    expect((await withCookie('/nothing')).status).toBe(404);
  });

  it.each([
    '/../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/assets/../../secret.js',
    '/assets/..%5c..%5csecret.js',
    '//etc/passwd',
    '/assets/%00',
    '/%',
    `${'/..'.repeat(10)}/etc/passwd`,
  ])('never leave the folder: %s', async (path) => {
    const { status, text } = await withCookie(path);
    expect(status).toBe(404);
    expect(text).not.toContain('outside');
  });

  it.each([
    'evil.example',
    `evil.example:80`,
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'workbench',
  ])('for the host "%s" are refused, cookie or not', async (host) => {
    expect((await withCookie('/', { headers: { host } })).status).toBe(403);
    expect((await ask(`/${new URL(shell.url).search}`, { headers: { host } })).status).toBe(403);
  });

  it.each(['localhost:8888', '127.0.0.1', '[::1]:80'])(
    'for %s, as ssh forwards it, are taken',
    async (host) => {
      expect((await withCookie('/', { headers: { host } })).status).toBe(200);
    },
  );

  it.each(['http://evil.example', 'http://localhost:1', 'null', ''])(
    'that change something are refused from the origin "%s"',
    async (from) => {
      const headers = { origin: from };
      expect((await withCookie('/uploads', { method: 'POST', headers, body: 'x' })).status).toBe(403);
      expect((await withCookie('/exports', { method: 'POST', headers })).status).toBe(403);
    },
  );

  it('of another page that embeds a file are refused', async () => {
    const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' };
    expect((await withCookie('/assets/main-abc.js', { headers })).status).toBe(403);
  });

  it('that are no HTTP do not end the server', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(shell.port, '127.0.0.1', () => socket.write('\x00\xff nonsense\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => undefined);
    });
    expect((await withCookie('/')).status).toBe(200);
  });
});

describe('The WebSocket', () => {
  it('is refused without cookie, from another origin, for another host, at another path', async () => {
    expect(await open({ origin })).toBe(403);
    expect(await open({ cookie })).toBe(403);
    expect(await open({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await open({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
    expect(await open({ cookie, origin }, '/other')).toBe(403);
  });

  it('answers each request under its own id, errors as code, message and hint', async () => {
    const socket = await openWindow();
    socket.send(JSON.stringify({ id: 7, method: 'runs.list', params: { dataset: null } }));
    expect(await nextMessage(socket)).toEqual({
      id: 7,
      result: { method: 'runs.list', params: { dataset: null } },
    });
    socket.send(JSON.stringify({ id: 8, method: 'fails', params: {} }));
    expect(await nextMessage(socket)).toEqual({
      id: 8,
      error: { code: 'x', message: 'It failed.', hint: 'Do not.' },
    });
    socket.terminate();
  });

  it('brings events as long as the window is open', async () => {
    const before = engine.listeners;
    const socket = await openWindow();
    engine.tell({ event: 'runs.changed', payload: { run: 'r1' } });
    expect(await nextMessage(socket)).toEqual({ event: 'runs.changed', payload: { run: 'r1' } });
    socket.close();
    await expect.poll(() => engine.listeners).toBe(before);
  });

  it('stands junk, and closes on a lot of it', async () => {
    const socket = await openWindow();
    for (const junk of ['', '{', '[]', '7', '{"id":"x"}', '{"id":1}', '{"id":1,"method":7,"params":{}}']) {
      socket.send(junk);
    }
    socket.send(Buffer.from([0, 1, 2]));
    socket.send(JSON.stringify({ id: 1, method: 'still.there', params: {} }));
    expect(await nextMessage(socket)).toMatchObject({ id: 1 });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    for (let sent = 0; sent < 30; sent++) socket.send('junk');
    expect(await closed).toBe(1008);
    expect((await withCookie('/')).status).toBe(200);
  });

  it('closes on a message that is too large', async () => {
    const socket = await openWindow();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(9 * 2 ** 20));
    expect(await closed).toBe(1009);
  });

  it('lets the engine write only where a download was asked for', async () => {
    const socket = await openWindow();
    const asked = engine.asked.length;
    const writes = [
      ['datasets.export', { dataset: 'd', path: '/etc/cron.d/x', format: 'csv' }],
      ['datasets.rejects', { dataset: 'd', path: 7 }],
      ['recommend.all', { run: 'r', path: join(staging, 'exports', '..', 'x') }],
      ['storage.backup', { path: '/etc/cron.d/x' }],
      ['datasets.exportSplit', { dataset: 'd', path: '/home/somebody/split.json' }],
      ['runs.exportWeights', { run: 'r', path: '/home/somebody/model.json' }],
      ['capsules.export', { runs: ['r'], path: '/home/somebody/x' }],
      ['report', { runs: ['a', 'b'], path: '/home/somebody/x.html' }],
      ['runs.export', { run: 'r', files: { lists: '/home/somebody/.bashrc' } }],
      ['import.check', { path: '/ratings.csv', settings: { rejectsOut: '/etc/cron.d/x' } }],
      ['import.start', { path: '/ratings.csv', name: 'r', settings: { rejectsOut: '/etc/cron.d/x' } }],
    ] as const;
    for (const [method, params] of writes) {
      socket.send(JSON.stringify({ id: 1, method, params }));
      expect(await nextMessage(socket)).toMatchObject({ error: { code: 'path-not-reserved' } });
    }
    expect(engine.asked.length).toBe(asked);
    const { path } = JSON.parse((await post('/exports?name=lists.csv')).text) as { path: string };
    socket.send(
      JSON.stringify({ id: 2, method: 'runs.export', params: { run: 'r', files: { lists: path } } }),
    );
    expect(await nextMessage(socket)).toMatchObject({ id: 2, result: {} });
    socket.terminate();
  });
});

describe('Uploads', () => {
  const uploads = () => (existsSync(join(staging, 'uploads')) ? readdirSync(join(staging, 'uploads')) : []);

  it('become a file that the engine can read, under a harmless name', async () => {
    const { status, text } = await post(
      `/uploads?name=${encodeURIComponent('../../a b/rät:ings.csv')}`,
      'u,i,r\n',
    );
    const { path, bytes } = JSON.parse(text) as { path: string; bytes: number };
    expect(status).toBe(201);
    expect(bytes).toBe(6);
    expect(path.startsWith(join(staging, 'uploads'))).toBe(true);
    expect(path.endsWith('rät_ings.csv')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('u,i,r\n');
  });

  it('that are too large leave nothing, whether they say their size or not', async () => {
    const before = uploads();
    const said = await post('/uploads?name=a', Buffer.alloc(1001));
    expect(said.status).toBe(413);
    expect(said.text).toContain('upload-too-large');
    const headers = { origin, 'transfer-encoding': 'chunked' };
    const unsaid = await withCookie('/uploads?name=a', { method: 'POST', headers, body: Buffer.alloc(1001) });
    expect(unsaid.status).toBe(413);
    expect(uploads()).toEqual(before);
  });

  it('that are cancelled leave nothing', async () => {
    const before = uploads();
    const headers = { cookie, origin, 'content-length': '900' };
    const options = { host: '127.0.0.1', port: shell.port, path: '/uploads?name=a', method: 'POST', headers };
    const sent = request(options);
    sent.on('error', () => undefined);
    sent.write('half of');
    await expect.poll(() => uploads().length).toBe(before.length + 1);
    sent.destroy();
    await expect.poll(uploads).toEqual(before);
  });
});

describe('Exports', () => {
  it('are downloaded under their name once the engine has written them', async () => {
    const reserved = await post(`/exports?name=${encodeURIComponent('Läufe 7.csv')}`);
    const { path, url } = JSON.parse(reserved.text) as { path: string; url: string };
    expect((await withCookie(url)).status).toBe(404);
    writeFileSync(path, 'user,item\n');
    const { status, headers, text } = await withCookie(url);
    expect(status).toBe(200);
    expect(text).toBe('user,item\n');
    expect(headers['content-disposition']).toBe("attachment; filename*=UTF-8''L%C3%A4ufe%207.csv");
    expect((await ask(url)).status).toBe(401);
  });

  it('bring along what was written beside them, and nothing from elsewhere', async () => {
    const { path, url } = JSON.parse((await post('/exports?name=a.csv')).text) as {
      path: string;
      url: string;
    };
    writeFileSync(path, 'user,item\n');
    writeFileSync(join(dirname(path), 'a.items.csv'), 'item,title\n');
    expect((await withCookie(`${url}?beside=a.items.csv`)).text).toBe('item,title\n');
    for (const other of ['b.csv', '..%2fa.items.csv%2f..', '..%2f..%2fsecret.js', '%2fetc%2fpasswd', ''])
      expect((await withCookie(`${url}?beside=${other}`)).status, other).toBe(404);
  });

  it('do not reach other files', async () => {
    expect((await withCookie('/exports/..%2f..%2fsecret.js')).status).toBe(404);
    expect((await withCookie('/exports/')).status).toBe(404);
  });
});

/**
 * The browser shell's HTTP and WebSocket server. Loopback only; every request must name a loopback host (DNS
 * rebinding), bring the session's cookie, and come from this shell's own page unless it only reads.
 */
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { browserShell } from '../../../shared/host.ts';
import { largest } from '../../process/limits.ts';
import { securityHeaders } from '../policy.ts';
import { rendererFiles, type RendererFile } from '../renderer-files.ts';
import { refuse } from './answers.ts';
import { isEmbeddedElsewhere, isLoopbackHost, isOwnOrigin } from './origin.ts';
import { ReadingScope } from './reading.ts';
import { Session } from './session.ts';
import { connectWindow, type EngineSide } from './socket.ts';
import type { Transfers } from './transfers.ts';

export interface ServerOptions {
  readonly engine: EngineSide;
  /** 0: any free one. */
  readonly port: number;
  /** Where uploads and exports are kept while the shell runs. */
  readonly transfers: Transfers;
  readonly files?: Map<string, RendererFile>;
  /** What the engine may read for a window; all that this user may unless told. */
  readonly reading?: ReadingScope;
}

export interface BrowserServer {
  readonly port: number;
  /** The address with its token. */
  readonly url: string;
  /** An address whose token is good once. */
  urlForOnce(): string;
  close(): Promise<void>;
}

/** @throws where the port is taken */
export async function startServer(options: ServerOptions): Promise<BrowserServer> {
  const { engine, transfers, files = rendererFiles(), reading = ReadingScope.everything } = options;
  const session = new Session();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largest });
  const port = (): number => (server.address() as AddressInfo | null)?.port ?? 0;
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const url = urlOf(request);
    if (!url) return refuse(response, 400, 'bad-request', 'This is no address.');
    if (!isLoopbackHost(request))
      return refuse(response, 403, 'wrong-host', 'This is not a name of this machine.');
    if (isEmbeddedElsewhere(request))
      return refuse(response, 403, 'wrong-origin', 'Another page asked for this.');
    const token = request.method === 'GET' && url.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null) return exchange(session, token, port(), response);
    if (!session.isOpenTo(request, port()))
      return refuse(response, 401, 'no-session', 'The session is not known.');
    route(request, response, url, { transfers, files }).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'internal', 'This could not be answered.', 'Try again.');
    });
  });
  // Large uploads take longer than Node's five minutes; headers still have to come within one.
  server.requestTimeout = 0;
  server.on('upgrade', (request, socket, head) => {
    // Whoever asked may be gone before the answer.
    socket.on('error', () => socket.destroy());
    const allowed =
      urlOf(request)?.pathname === browserShell.enginePath &&
      isLoopbackHost(request) &&
      isOwnOrigin(request) &&
      session.isOpenTo(request, port());
    if (!allowed) return refuseUpgrade(socket);
    sockets.handleUpgrade(request, socket, head, (window) =>
      connectWindow(window, engine, { mayWrite: (path) => transfers.isReserved(path), reading }),
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await listenOn(server, options.port);
  const address = (token: string): string => `http://127.0.0.1:${port()}/?token=${token}`;
  return {
    port: port(),
    url: address(session.token),
    urlForOnce: () => address(session.tokenForOnce()),
    async close() {
      for (const window of sockets.clients) window.terminate();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await transfers.clear();
    },
  };
}

/** Only from the address bar, a command or a link: the token goes away from the address at once. */
function exchange(session: Session, token: string, port: number, response: ServerResponse): void {
  if (!session.accepts(token))
    return refuse(response, 403, 'wrong-token', 'This token is not the one of this start.');
  const headers = { location: '/', 'set-cookie': session.setCookie(port), 'cache-control': 'no-store' };
  response.writeHead(303, headers).end();
}

interface Places {
  readonly transfers: Transfers;
  readonly files: Map<string, RendererFile>;
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { transfers, files }: Places,
): Promise<void> {
  const { method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  const name = url.searchParams.get('name') ?? 'file';
  if (!reads && !isOwnOrigin(request))
    return refuse(response, 403, 'wrong-origin', 'Another page asked for this.');
  if (method === 'POST' && url.pathname === browserShell.uploadPath)
    return transfers.upload(request, response, name);
  if (method === 'POST' && url.pathname === browserShell.exportPath) return transfers.reserve(response, name);
  if (reads && url.pathname.startsWith(`${browserShell.exportPath}/`)) {
    const id = url.pathname.slice(browserShell.exportPath.length + 1);
    return transfers.download(response, id, method === 'HEAD', url.searchParams.get('beside'));
  }
  const file = files.get(url.pathname);
  if (!file || !reads) return refuse(response, 404, 'not-found', 'There is nothing at this address.');
  response.writeHead(200, {
    'content-type': file.type,
    'cache-control': file.hashed ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  if (method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

/** Null for what is no path: the parser takes `//host/x` for a host. */
function urlOf(request: IncomingMessage): URL | null {
  return URL.parse(`http://shell.invalid/${(request.url ?? '').replace(/^\/+/, '')}`);
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      // Without descriptors for one more connection the others go on.
      server.on('error', (error) => process.stderr.write(`The address has trouble: ${error.message}\n`));
      resolve();
    });
  });
}

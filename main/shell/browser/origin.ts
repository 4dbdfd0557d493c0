import type { IncomingMessage } from 'node:http';

/** A loopback name with any port: a port that ssh forwards has another number on the other side. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** Refuses names that a stranger's DNS points at this machine (DNS rebinding). */
export function isLoopbackHost(request: IncomingMessage): boolean {
  return loopback.test(request.headers.host ?? '');
}

/** Whether the page that asks is this shell's own. Browsers send Origin with every WebSocket and every POST. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}

/** Another page, of this machine or not, that embeds or fetches something from here. */
export function isEmbeddedElsewhere(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  return (site === 'cross-site' || site === 'same-site') && request.headers['sec-fetch-mode'] !== 'navigate';
}

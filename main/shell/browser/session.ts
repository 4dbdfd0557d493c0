import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** 256 bits, safe in a URL. */
const secret = (): string => randomBytes(32).toString('base64url');

/** Compared by digest: neither the length nor the first wrong byte shows in the time it takes. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Who may use this shell: whoever brings the token of the printed address gets a cookie, and everything else asks for
 * the cookie. The token never stays in the address bar, the history or a referrer.
 */
export class Session {
  /** The token of the printed address; good as long as the shell runs. */
  readonly token = secret();
  readonly #cookie = secret();
  #once: string | null = null;

  /** A token that is good for one exchange: for a command line, which other users of the machine can read. */
  tokenForOnce(): string {
    this.#once = secret();
    return this.#once;
  }

  accepts(token: string): boolean {
    if (isEqual(token, this.token)) return true;
    if (this.#once === null || !isEqual(token, this.#once)) return false;
    this.#once = null;
    return true;
  }

  /** @param port part of the name, for cookies do not tell the ports of a host apart */
  setCookie(port: number): string {
    return `${cookieName(port)}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`;
  }

  isOpenTo(request: IncomingMessage, port: number): boolean {
    const prefix = `${cookieName(port)}=`;
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const found = pairs.find((pair) => pair.startsWith(prefix));
    return found !== undefined && isEqual(found.slice(prefix.length), this.#cookie);
  }
}

function cookieName(port: number): string {
  return `workbench_${port}`;
}

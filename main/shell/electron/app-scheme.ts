import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { securityHeaders } from '../policy.ts';
import { rendererFiles, type RendererFile } from '../renderer-files.ts';
import { appOrigin, scheme } from './channels.ts';

/** Before the app is ready: `app://` is a standard, secure origin of its own, which `file://` is not. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }]);
}

/** Serves the built window, and nothing else, with its policy as a header. */
export function serveWindow(session: Session, files = rendererFiles()): void {
  session.protocol.handle(scheme, (request) => answer(request, files));
}

async function answer(request: Request, files: ReadonlyMap<string, RendererFile>): Promise<Response> {
  const url = new URL(request.url);
  const file = `${url.protocol}//${url.host}` === appOrigin ? files.get(url.pathname) : undefined;
  const headers = { ...securityHeaders };
  if (request.method !== 'GET') return new Response(null, { status: 405, headers });
  if (!file) return new Response(null, { status: 404, headers });
  headers['content-type'] = file.type;
  return new Response(new Uint8Array(await readFile(file.path)), { headers });
}

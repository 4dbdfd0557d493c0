import type { ServerResponse } from 'node:http';
import type { ErrorShape } from '../../../shared/contract.ts';

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  hint = 'Open the address that `serve` printed.',
): void {
  const error: ErrorShape = { code, message, hint };
  sendJson(response, status, { error });
}

import type { Socket } from 'node:net';

/**
 * Calls back with each line of a socket. Unlike readline it throws no error of the socket at anybody: those are the
 * owner's to hear.
 * @param longest characters of a line; a socket that sends more is closed
 */
export function onLines(socket: Socket, take: (line: string) => void, longest = Infinity): void {
  let parts: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      parts.push(chunk.slice(from, end));
      const line = parts.join('');
      parts = [];
      length = 0;
      from = end + 1;
      if (line.length > longest) return void socket.destroy();
      take(line);
    }
    parts.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > longest) socket.destroy();
  });
}

/** The value of a line of JSON; null where the line is not valid JSON. */
export function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

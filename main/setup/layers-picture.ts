/**
 * The table of rooms in CONTRIBUTING.md, made from the rules of the layers and the README of each room.
 * `npm run layers` writes it; a test compares it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rooms } from './layers.ts';
import { root } from './sources.ts';

const begin = '<!-- rooms: written by npm run layers -->';
const end = '<!-- end of rooms -->';

/** CONTRIBUTING.md with its table of rooms made anew. Throws where a room has no README or the marks are gone. */
export function withRooms(page: string): string {
  const [before, rest] = page.split(begin);
  const [, after] = (rest ?? '').split(end);
  if (after === undefined) throw new Error('CONTRIBUTING.md has lost the marks around its table of rooms.');
  const rows = rooms.map((room) => `| \`${room}/\` | ${wordsOf(room)} |`);
  const table = ['| Room | What belongs in it |', '| --- | --- |', ...rows];
  return `${before}${begin}\n\n<!-- prettier-ignore -->\n${table.join('\n')}\n\n${end}${after}`;
}

function wordsOf(room: string): string {
  const [, ...lines] = readFileSync(join(root, room, 'README.md'), 'utf8')
    .trim()
    .split('\n');
  return lines.join(' ').trim();
}

export async function run(): Promise<number> {
  const file = join(root, 'CONTRIBUTING.md');
  writeFileSync(file, withRooms(readFileSync(file, 'utf8')));
  return 0;
}

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineReader, LogFile, logPath, tailOf } from '../../../main/process/log-file.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

describe('The log', () => {
  it('is a file in the data folder, with the moment and who says it', () => {
    const path = logPath(temporaryFolder());
    expect(tailOf(path, 10)).toEqual([]);
    new LogFile(path).write('engine 7', 'a word');
    expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z engine 7: a word\n$/);
  });

  it('goes on where the app before ended, and holds so many bytes in two files at most', () => {
    const path = logPath(temporaryFolder());
    for (let line = 0; line < 300; line++) new LogFile(path, 1_000).write('x', `line ${line}`);
    expect(statSync(path).size).toBeLessThanOrEqual(1_000);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1_000);
    expect(existsSync(`${path}.2`)).toBe(false);
    const tail = tailOf(path, 25);
    expect(tail.map((line) => line.split(' ').at(-1))).toEqual(
      Array.from({ length: 25 }, (_, at) => String(275 + at)),
    );
  });

  it('is no reason to end where it cannot be written', () => {
    const file = join(temporaryFolder(), 'a file');
    writeFileSync(file, '');
    expect(() => new LogFile(join(file, 'logs', 'workbench.log')).write('x', 'word')).not.toThrow();
  });
});

describe('A reader of lines', () => {
  it('puts pieces together, leaves out what is empty, and cuts off what never ends', () => {
    const lines: string[] = [];
    const read = lineReader((line) => lines.push(line));
    for (const piece of ['on', 'e\n\ntw', 'o\nthree', '\n']) read(piece);
    expect(lines).toEqual(['one', 'two', 'three']);
    for (let piece = 0; piece < 10; piece++) read('x'.repeat(3_000));
    read('\n');
    expect(lines.at(-1)).toHaveLength(4_000);
  });
});

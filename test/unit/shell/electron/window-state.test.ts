import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isVisibleOn,
  readWindowState,
  writeWindowState,
} from '../../../../main/shell/electron/window-state.ts';

const file = join(mkdtempSync(join(tmpdir(), 'window-state-')), 'deep', 'window.json');
const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const usual = { width: 1360, height: 880, maximized: false };

describe("The window's place", () => {
  it('is kept from one start to the next', () => {
    expect(readWindowState(file)).toEqual(usual);
    const state = { x: -5, y: 10, width: 1000, height: 700, maximized: true };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
  });

  it.each(['', '{', '{"width":"wide"}', '{"width":1,"height":1,"maximized":false}'])(
    'is the usual one where the file says %s',
    (text) => {
      writeFileSync(file, text);
      expect(readWindowState(file)).toEqual(usual);
    },
  );

  it('is given up where its screen is gone', () => {
    const state = { width: 1000, height: 700, maximized: false };
    expect(isVisibleOn([screen], { ...state, x: 100, y: 50 })).toBe(true);
    expect(isVisibleOn([screen], { ...state, x: 1890, y: 50 })).toBe(false);
    expect(isVisibleOn([screen], { ...state, x: 100, y: -400 })).toBe(false);
    expect(isVisibleOn([screen, { ...screen, x: 1920 }], { ...state, x: 2000, y: 50 })).toBe(true);
    expect(isVisibleOn([screen], state)).toBe(false);
  });
});

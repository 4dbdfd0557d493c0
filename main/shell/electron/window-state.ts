import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

const pixels = v.pipe(v.number(), v.integer());
const WindowState = v.object({
  x: v.optional(pixels),
  y: v.optional(pixels),
  width: v.pipe(pixels, v.minValue(200)),
  height: v.pipe(pixels, v.minValue(200)),
  maximized: v.boolean(),
});
export type WindowState = v.InferOutput<typeof WindowState>;

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the window was; a usual size where nothing readable says so. */
export function readWindowState(file: string): WindowState {
  try {
    return v.parse(WindowState, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { width: 1360, height: 880, maximized: false };
  }
}

/** A place that cannot be written is no reason not to close. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(state));
  } catch {
    return;
  }
}

/** Whether enough of the title bar is on a screen that is still there. */
export function isVisibleOn(areas: readonly Area[], { x, y, width }: WindowState): boolean {
  if (x === undefined || y === undefined) return false;
  return areas.some(
    (area) =>
      x + width > area.x + 100 &&
      x < area.x + area.width - 100 &&
      y >= area.y &&
      y < area.y + area.height - 50,
  );
}

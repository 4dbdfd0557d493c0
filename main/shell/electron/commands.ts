import * as v from 'valibot';
import type { BrowserWindow } from 'electron';
import type { Command } from '../../../shared/host.ts';
import { kindOfFile } from '../../../shared/openable.ts';
import { channels } from './channels.ts';

/** More than this many files at once is a slip of the hand. */
const most = 20;

/**
 * What the system and the menu ask of the window. It waits here until the page takes it: a file is opened before there is
 * a page, or while it is being loaded.
 */
export class Commands {
  #waiting: Command[] = [];
  #window: BrowserWindow | null = null;

  add(command: Command): void {
    if (this.#waiting.length >= most) return;
    this.#waiting.push(command);
    this.#tell();
  }

  /** Files that the app knows are opened, others are not. */
  open(paths: readonly string[]): void {
    for (const path of paths) if (kindOfFile(path) !== null) this.add({ do: 'open', path });
  }

  take(): Command[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** The window whose page is told. */
  for(window: BrowserWindow): void {
    this.#window = window;
    this.#tell();
  }

  #tell(): void {
    const window = this.#window;
    if (!window || window.isDestroyed() || this.#waiting.length === 0) return;
    window.webContents.send(channels.commandsWait);
  }
}

const Started = v.object({
  files: v.pipe(v.array(v.pipe(v.string(), v.maxLength(40_000))), v.maxLength(1000)),
});

/** Files that a second start of the app hands to the first. Its argv may have changed on the way, so they come beside it. */
export function filesOf(additionalData: unknown): readonly string[] {
  const parsed = v.safeParse(Started, additionalData);
  return parsed.success ? parsed.output.files : [];
}

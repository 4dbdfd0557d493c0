/** Which host a window runs in. Tests build the windows with another file in this one's place (test/windows/choose.ts). */
import { browserHost } from './browser.ts';
import { electronHost } from './electron.ts';
import type { Host } from './host.ts';

export function chooseHost(): Host {
  return window.workbench ? electronHost(window.workbench) : browserHost();
}

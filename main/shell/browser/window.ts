import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Browsers that draw a page as a window of its own (`--app=`), best first. */
const programs = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'brave-browser',
];
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium on this machine that can show a window; null where there is none, or no screen. */
export function findBrowser(platform = process.platform, env = process.env): string | null {
  return candidates(platform, env).find((path) => existsSync(path)) ?? null;
}

function candidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') {
    return macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((path) => path);
    return folders.flatMap((folder) => windowsPrograms.map((name) => join(folder ?? '', name)));
  }
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return [];
  const folders = (env.PATH ?? '').split(delimiter).filter((path) => path);
  return programs.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Opens a window that outlives this process. */
export function openWindow(browser: string, url: string): void {
  const child = spawn(browser, [`--app=${url}`], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

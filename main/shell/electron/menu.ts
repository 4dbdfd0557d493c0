import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron';

/** Outside pages that the menu opens: these and no others, whatever the window says. */
export const outsidePages = {
  book: 'https://d2l.ai/chapter_recommender-systems/index.html',
} as const;

/** @param dataDir opened from the Help menu */
export function setMenu(dataDir: string, platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(dataDir, platform === 'darwin')));
}

function template(dataDir: string, isMac: boolean): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  // In a packaged app the inspector would be a way around the window's protections.
  if (!app.isPackaged) view.push({ type: 'separator' }, { role: 'toggleDevTools' });
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        {
          label: 'Dive into Deep Learning, chapter 21',
          click: () => void shell.openExternal(outsidePages.book),
        },
        { label: 'Open the data folder', click: () => void shell.openPath(dataDir) },
        ...(isMac ? [] : [{ type: 'separator' } as const, { role: 'about' } as const]),
      ],
    },
  ];
}

import { basename } from 'node:path';
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Commands } from './commands.ts';
import { openFolder, openPage } from './outside.ts';
import type { Recent } from './recent.ts';

export interface MenuNeeds {
  /** Opened from the Help menu. */
  readonly dataDir: string;
  readonly commands: Pick<Commands, 'add'>;
  readonly recent: Pick<Recent, 'paths' | 'clear'>;
  readonly platform?: NodeJS.Platform;
}

type Items = MenuItemConstructorOptions[];

/** Anew after each change of the recent files. */
export function setMenu({ platform = process.platform, ...needs }: MenuNeeds): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(needs, platform === 'darwin')));
}

function template({ dataDir, commands, recent }: MenuNeeds, isMac: boolean): Items {
  const about: MenuItemConstructorOptions = {
    label: `About ${app.name}`,
    click: () => commands.add({ do: 'about' }),
  };
  const apart: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(isMac ? [{ label: app.name, submenu: macItems(about) }] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Import ratings…', click: () => commands.add({ do: 'import' }) },
        { label: 'Open recent', submenu: recentItems(commands, recent) },
        apart,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: 'View', submenu: viewItems() },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Help and glossary', accelerator: 'F1', click: () => commands.add({ do: 'help' }) },
        { label: 'Dive into Deep Learning, chapter 21', click: () => void openPage('book') },
        apart,
        { label: 'Open the data folder', click: () => openFolder(dataDir) },
        ...(isMac ? [] : [apart, about]),
      ],
    },
  ];
}

function recentItems(commands: MenuNeeds['commands'], recent: MenuNeeds['recent']): Items {
  if (recent.paths.length === 0) return [{ label: 'Nothing yet', enabled: false }];
  return [
    ...recent.paths.map((path) => ({
      label: basename(path),
      toolTip: path,
      click: () => commands.add({ do: 'open', path }),
    })),
    { type: 'separator' },
    { label: 'Clear', click: () => recent.clear() },
  ];
}

function viewItems(): Items {
  const items: Items = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  // In a packaged app the inspector would be a way around the window's protections.
  if (!app.isPackaged) items.push({ type: 'separator' }, { role: 'toggleDevTools' });
  return items;
}

/** What Electron's own menu of an app holds, with our About in place of its. */
function macItems(about: MenuItemConstructorOptions): Items {
  return [
    about,
    { type: 'separator' },
    { role: 'services' },
    { type: 'separator' },
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    { type: 'separator' },
    { role: 'quit' },
  ];
}

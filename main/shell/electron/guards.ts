/** What no page may do, whatever it is: asked of the app as a whole, so that no window can be made without it. */
import { app, type Session, type WebContents } from 'electron';
import { appOrigin } from './channels.ts';

/** Every permission that the window has. All others that Electron has, now and later, are refused. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

/** Whether an address is the window's own. */
export function isOwnPage(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && `${parsed.protocol}//${parsed.host}` === appOrigin;
}

export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) =>
    callback(granted.has(permission) && isOwnPage(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => granted.has(permission) && isOwnPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
}

/** No way out of the window's own page: no navigation, no redirect, no new window, no web view. */
export function guardNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => stay(event));
    contents.on('will-frame-navigate', (event) => stay(event));
    contents.on('will-redirect', (event) => stay(event));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Reloading the page is a navigation to itself. */
function stay(event: { url: string; preventDefault(): void }): void {
  if (!isOwnPage(event.url)) event.preventDefault();
}

/** No download but those that the engine writes: nothing in the window starts one of Chromium's. */
export function guardDownloads(session: Session): void {
  session.on('will-download', (event, item, contents: WebContents | undefined) => {
    const isOwn = contents !== undefined && isOwnPage(contents.getURL());
    // A chart that is saved as a picture is a blob of the page itself.
    if (!isOwn || !item.getURL().startsWith(`blob:${appOrigin}`)) event.preventDefault();
  });
}

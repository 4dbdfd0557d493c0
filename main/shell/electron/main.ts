/** The desktop app: one window over the engine process. */
import { join } from 'node:path';
import { app, type BrowserWindow, nativeTheme, powerSaveBlocker, session } from 'electron';
import type { Settings } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/host.ts';
import { claimNewFolder, isDataFolder, makeFolder } from '../../base/data-folder.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { EngineLink } from '../../process/engine-link.ts';
import { LogFile, logPath } from '../../process/log-file.ts';
import { outliveReaders } from '../../process/closed-outputs.ts';
import { showActivity, type SystemSigns } from './activity.ts';
import { channels } from './channels.ts';
import { Commands, filesOf } from './commands.ts';
import { electronForker } from './forker.ts';
import { giveUp } from './give-up.ts';
import { guardDownloads, guardNavigation, guardPermissions } from './guards.ts';
import { answerWindows } from './ipc.ts';
import { setMenu } from './menu.ts';
import { registerScheme, serveWindow } from './app-scheme.ts';
import { quitInOrder } from './quitting.ts';
import { Recent } from './recent.ts';
import { temporaryProfile, testThisApp } from './self-test.ts';
import { versionProblem } from './version-check.ts';
import { loadWindow, makeWindow } from './window.ts';
import { readWords } from './launch-arguments.ts';

const { dataDir, selfTest, files } = readWords(process.argv.slice(1));
// Before the log and Chromium put anything into it.
claimNewFolder(dataDir);
const isOurs = isDataFolder(dataDir);
const log = new LogFile(logPath(dataDir));
const commands = new Commands();

outliveReaders();
try {
  begin();
} catch (error) {
  giveUp(error);
}

/** What has to be settled before Electron is ready. */
function begin(): void {
  const problem = versionProblem(process.versions);
  if (problem) throw problem;
  app.enableSandbox();
  registerScheme();
  guardNavigation();
  if (selfTest !== null) {
    const folder = temporaryProfile();
    app.setPath('userData', folder);
    app.on('window-all-closed', () => undefined);
    void app.whenReady().then(() => testThisApp(selfTest, folder));
    return;
  }
  // One app a data folder: Chromium's profile, and with it the lock, is in a folder of its own below. In a folder that
  // is not ours nothing is written; the engine will say so.
  const profile = isOurs ? join(dataDir, 'window') : temporaryProfile();
  makeFolder(profile);
  app.setPath('userData', profile);
  commands.open(files);
  // macOS names files this way, the one that the app is started with too: before it is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    commands.open([path]);
  });
  if (app.requestSingleInstanceLock({ files })) void app.whenReady().then(run).catch(giveUp);
  else app.quit();
}

async function run(): Promise<void> {
  const forker = electronForker({ log: take });
  const engine = new EngineLink(forker, { arguments: ['--data-dir', dataDir] });
  guardPermissions(session.defaultSession);
  guardDownloads(session.defaultSession);
  serveWindow(session.defaultSession);
  const recent = new Recent(join(app.getPath('userData'), 'recent.json'), () => setMenu(menu));
  const menu = { dataDir, commands, recent };
  setMenu(menu);
  answerWindows(
    {
      invoke: (method, params) => noticed(engine.invoke(method, params), () => recent.notice(method, params)),
    },
    commands,
  );
  await engine.start();
  await followTheme(engine);
  const window = makeWindow(join(app.getPath('userData'), 'window.json'));
  // Before the page is loaded: what happens meanwhile is sent too.
  engine.subscribe((event) => {
    if (!window.isDestroyed()) window.webContents.send(channels.event, event);
  });
  const activity = showActivity((listener) => engine.subscribe(listener), systemSigns(window));
  engine.process.onCrash(() => activity.forget());
  engine.process.onEnd(({ asked, error }) => {
    if (!asked)
      giveUp(error ?? new Error('The engine crashed again and again. Nothing that was saved is lost.'));
  });
  commands.for(window);
  app.on('second-instance', (_event, _argv, _folder, data) => {
    // While the engine stops there is no window any more.
    if (window.isDestroyed()) return;
    commands.open(filesOf(data));
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  quitInOrder(window, engine, activity);
  await loadWindow(window);
}

/** Passes an answer on; `agreed` is called where it is no error. */
async function noticed(outcome: Promise<Outcome>, agreed: () => void): Promise<Outcome> {
  const settled = await outcome;
  if (!('error' in settled)) agreed();
  return settled;
}

/** A packaged app has no terminal; from the sources there is one, and who works on them looks there. */
function take(source: string, line: string): void {
  if (isOurs) log.write(source, line);
  if (!app.isPackaged) process.stderr.write(`${source}: ${line}\n`);
}

/** The system's own parts of the window (its frame, menus, dialogs) are as light or dark as the page. */
async function followTheme(engine: EngineLink): Promise<void> {
  const settings = await engine.invoke('settings.get', {});
  if ('error' in settings)
    throw new WorkbenchError(settings.error.code, settings.error.message, settings.error.hint);
  const take = ({ theme }: Settings): void => void (nativeTheme.themeSource = theme);
  take(settings.result as Settings);
  engine.subscribe(({ event, payload }) => {
    if (event === 'settings.changed') take(payload);
  });
}

function systemSigns(window: BrowserWindow): SystemSigns {
  return {
    setProgress(progress, mode) {
      if (!window.isDestroyed()) window.setProgressBar(progress, { mode });
    },
    blockSleep() {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      return () => void powerSaveBlocker.stop(id);
    },
  };
}

/** `--self-test FILE`: what this packaged app can do, without a person. The report is JSON, the exit code says the rest. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, session, type BrowserWindow } from 'electron';
import type { SelfTest } from '../../../shared/contract.ts';
import { writeOutput } from '../../base/output.ts';
import { EngineLink } from '../../process/engine-link.ts';
import { exitCodes } from './exit-codes.ts';
import { electronForker } from './forker.ts';
import { guardDownloads, guardPermissions } from './guards.ts';
import { answerWindows } from './ipc.ts';
import { serveWindow } from './app-scheme.ts';
import { loadWindow, makeWindow } from './window.ts';

/** Milliseconds for all of it; a slow machine takes a minute. */
const longest = 5 * 60_000;

/** A folder of its own for everything that the test writes; made before Electron is ready, for Chromium's profile is in it. */
export function temporaryProfile(): string {
  return mkdtempSync(join(tmpdir(), 'workbench-app-test-'));
}

/** Writes the report and ends the app: 0 where all passed. */
export async function testThisApp(file: string, folder: string): Promise<void> {
  const said: string[] = [];
  const forker = electronForker({ log: (source, line) => said.push(`${source}: ${line}`) });
  const engine = new EngineLink(forker, { arguments: ['--data-dir', join(folder, 'data')] });
  const timer = setTimeout(() => end(failed('time', `nothing after ${longest / 60_000} minutes`)), longest);
  const end = (report: SelfTest): void => {
    clearTimeout(timer);
    const text = `${JSON.stringify({ ...report, said: said.slice(-50) }, null, 2)}\n`;
    // Where no report can be written, the exit code still says that.
    const written = writeOutput(file, ({ write }) => write(text)).then(
      () => true,
      () => false,
    );
    void Promise.all([written, engine.stop().catch(() => null)]).then(([isWritten]) => {
      rmSync(folder, { recursive: true, force: true });
      app.exit(report.passed && isWritten ? 0 : exitCodes.failed);
    });
  };
  try {
    await engine.start();
    const outcome = await engine.invoke('engine.selfTest', {});
    if ('error' in outcome) throw new Error(outcome.error.message);
    const report = outcome.result as SelfTest;
    const window = await testWindow(engine, folder);
    end({
      ...report,
      passed: report.passed && window.outcome === 'passed',
      checks: [...report.checks, window],
    });
  } catch (error) {
    end(failed('engine', error instanceof Error ? error.message : String(error)));
  }
}

/** The page must be there, get its bridge, and an answer through it; it is not shown. */
async function testWindow(engine: EngineLink, folder: string): Promise<SelfTest['checks'][number]> {
  const began = performance.now();
  const check = (outcome: 'passed' | 'failed', detail: string): SelfTest['checks'][number] => ({
    name: 'window',
    outcome,
    detail,
    seconds: Math.round(performance.now() - began) / 1000,
  });
  let window: BrowserWindow | null = null;
  try {
    guardPermissions(session.defaultSession);
    guardDownloads(session.defaultSession);
    serveWindow(session.defaultSession);
    answerWindows(engine, { take: () => [] });
    window = makeWindow(join(folder, 'window.json'), false);
    await loadWindow(window);
    const ask = "window.workbench.invoke('engine.state', {}).then((outcome) => outcome.result.status)";
    const status: unknown = await window.webContents.executeJavaScript(ask);
    return check('passed', `loads, and its engine is ${String(status)}`);
  } catch (error) {
    return check('failed', error instanceof Error ? error.message : String(error));
  } finally {
    window?.destroy();
  }
}

function failed(name: string, detail: string): SelfTest {
  const platform = `${process.platform} ${process.arch}`;
  const check = { name, outcome: 'failed', detail, seconds: 0 } as const;
  return { passed: false, versions: {}, platform, checks: [check] };
}

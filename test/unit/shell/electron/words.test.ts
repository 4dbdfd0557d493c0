import { describe, expect, it } from 'vitest';
import { versionProblem } from '../../../../main/shell/electron/version-check.ts';
import { readWords } from '../../../../main/shell/electron/launch-arguments.ts';

describe("The app's words", () => {
  it('name folders and files from where the person is, in both ways to write them', () => {
    expect(readWords(['/app', '--data-dir', 'mine'], '/home/me').dataDir).toBe('/home/me/mine');
    expect(readWords(['--data-dir=mine'], '/home/me').dataDir).toBe('/home/me/mine');
    expect(readWords(['--data-dir', '/data'], '/home/me').dataDir).toBe('/data');
    expect(readWords(['--self-test', 'report.json'], '/home/me').selfTest).toBe('/home/me/report.json');
    expect(readWords(['/app', 'ratings.csv'], '/home/me').files).toEqual(['/home/me/ratings.csv']);
  });

  it('name files as desktops do, by path or by address, and leave out what the app does not open', () => {
    const files = (...words: string[]) => readWords(['/app', ...words], '/home/me').files;
    expect(files('file:///home/me/my%20ratings.csv')).toEqual(['/home/me/my ratings.csv']);
    expect(files('runs.workbench-capsule', 'R.PARQUET')).toEqual([
      '/home/me/runs.workbench-capsule',
      '/home/me/R.PARQUET',
    ]);
    expect(files('file://elsewhere/ratings.csv', 'notes.pdf', 'csv', 'file:///a.exe')).toEqual([]);
  });

  it("may have Chromium's switches among them", () => {
    expect(readWords(['--no-sandbox', '--lang=de', '--data-dir=/d', '.'], '/')).toEqual({
      dataDir: '/d',
      selfTest: null,
      files: [],
    });
  });

  it('leave the data folder to the environment, which moves all of it', () => {
    process.env.WORKBENCH_DATA_DIR = 'elsewhere';
    try {
      expect(readWords([], '/home/me').dataDir).toBe('/home/me/elsewhere');
    } finally {
      delete process.env.WORKBENCH_DATA_DIR;
    }
  });
});

describe('Under another Electron', () => {
  it('the app says which it is for, and which it got', () => {
    expect(versionProblem({ electron: '45.4.1', node: '24.11.0' })).toBeNull();
    expect(versionProblem({ electron: '40.0.0', node: '24.1.0' })?.message).toContain('Electron 40.0.0');
    expect(versionProblem({ electron: '45.0.0', node: '22.1.0' })?.message).toContain('Node 22.1.0');
    expect(versionProblem({ node: '24.1.0' })).not.toBeNull();
  });
});

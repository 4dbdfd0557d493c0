/** The short form of `npm run fuzz`: the same rules, fewer cases, always the same seed. */
import { describe, expect, it } from 'vitest';
import { fuzzFiles } from '../fuzz/files.ts';
import { fuzzJoins } from '../fuzz/joins.ts';
import { fuzzKills } from '../fuzz/kills.ts';
import { fuzzMessages } from '../fuzz/messages.ts';
import { soak } from '../fuzz/soak.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { hasProc } from '../fixtures/workbench.ts';

const limit = 600_000;

describe('Damaged files', () => {
  it('import with exact accounts or are refused with a reason: 100', { timeout: limit }, async () => {
    const report = await fuzzFiles(1, 100);
    // Most damage costs a few rows, some of it the file.
    expect(Number(/"imported":(\d+)/.exec(report)?.[1])).toBeGreaterThan(60);
    expect(report).toContain('columns-needed');
  });
});

describe.skipIf(!hasProc)('The workbench outlives, with nothing lost, left open or left running,', () => {
  it('600 random messages', { timeout: limit }, async () => {
    expect(await fuzzMessages(1, 600, temporaryFolder())).toContain('600 messages');
  });

  it('5 joined commands that are killed, and 50 connections that break', { timeout: limit }, async () => {
    expect(await fuzzJoins(1, 5, temporaryFolder())).toContain('5 commands');
  });

  it('10 kills', { timeout: limit }, async () => {
    expect(await fuzzKills(1, 10, temporaryFolder())).toContain('10 kills');
  });

  it('three rounds of import, train, compare, delete', { timeout: limit }, async () => {
    expect(await soak(0, temporaryFolder())).toContain('3 rounds');
  });
});

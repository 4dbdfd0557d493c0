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
  it('import with exact accounts or are refused with a reason: 200', { timeout: limit }, async () => {
    const report = await fuzzFiles(1, 200);
    // Most damage costs a few rows, some of it the file.
    expect(Number(/"imported":(\d+)/.exec(report)?.[1])).toBeGreaterThan(120);
    expect(report).toContain('columns-needed');
  });
});

describe.skipIf(!hasProc)('The workbench outlives, with nothing lost, left open or left running,', () => {
  it('1,500 random messages', { timeout: limit }, async () => {
    expect(await fuzzMessages(1, 1500, temporaryFolder())).toContain('1500 messages');
  });

  it('8 joined commands that are killed, and 80 connections that break', { timeout: limit }, async () => {
    expect(await fuzzJoins(1, 8, temporaryFolder())).toContain('8 commands');
  });

  it('20 kills', { timeout: limit }, async () => {
    expect(await fuzzKills(1, 20, temporaryFolder())).toContain('20 kills');
  });

  it('five rounds of import, train, compare, delete', { timeout: limit }, async () => {
    expect(await soak(0, temporaryFolder())).toContain('5 rounds');
  });
});

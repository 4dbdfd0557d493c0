import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dropUpload, newStaging, sweepStaging } from '../../../main/engine/staging.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

const id = '0b7e7d4c-1111-4222-8333-444455556666';
const gone = 999_999_999;
let dataDir: string;
let staging: string;
beforeEach(() => {
  dataDir = temporaryFolder();
  staging = join(dataDir, 'staging');
});

function make(path: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'file'), 'data');
  return path;
}

describe('the staging folder', () => {
  it('is swept of what jobs and shells that are gone have left, and of nothing else', () => {
    const ours = [`job-${id}`, id, `shell-${gone}-${id}`].map((name) => make(join(staging, name)));
    const old = make(join(staging, 'browser', 'uploads', id));
    const others = [`shell-${process.pid}-${id}`, 'job-mine', 'photos', `${id}-2`].map((name) =>
      make(join(staging, name)),
    );
    writeFileSync(join(staging, id.replace('0', '1')), 'a file, where we make folders');
    sweepStaging(dataDir);
    for (const path of [...ours, old]) expect(existsSync(path)).toBe(false);
    for (const path of others) expect(readdirSync(path)).toEqual(['file']);
    expect(existsSync(join(staging, id.replace('0', '1')))).toBe(true);
  });

  it('is never followed where it is a link, or holds one', () => {
    const elsewhere = make(join(temporaryFolder(), id));
    mkdirSync(staging);
    symlinkSync(elsewhere, join(staging, `job-${id}`));
    sweepStaging(dataDir);
    expect(readdirSync(elsewhere)).toEqual(['file']);

    const linked = temporaryFolder();
    symlinkSync(join(elsewhere, '..'), join(linked, 'staging'));
    sweepStaging(linked);
    expect(readdirSync(elsewhere)).toEqual(['file']);
    expect(() => newStaging(linked)).toThrow('is a link');
  });

  it('loses an upload once it is imported; a file of the person’s own stays', () => {
    const upload = join(make(join(staging, `shell-${process.pid}-${id}`, 'uploads', id)), 'file');
    const others = [
      join(make(join(dataDir, 'mine')), 'file'),
      join(make(join(staging, `shell-${process.pid}-${id}`, 'exports', id)), 'file'),
      join(make(join(staging, 'uploads', id)), 'file'),
    ];
    for (const path of [upload, ...others]) dropUpload(dataDir, path);
    expect(existsSync(upload)).toBe(false);
    for (const path of others) expect(existsSync(path)).toBe(true);
  });
});

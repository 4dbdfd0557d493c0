import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foreignPackage } from '../../../main/setup/package.ts';
import { binaryOf } from '../../../main/setup/packaging/binary.ts';
import { contentsOf, foreignIn, listOf } from '../../../main/setup/packaging/contents.ts';
import { writeStandIn } from '../../../main/setup/packaging/stand-in.ts';
import { root } from '../../../main/setup/sources.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

describe('What a file of machine code is for', () => {
  it.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ])('is read from its header: %s %s', (system, arch) => {
    const folder = temporaryFolder();
    const real = join(root, 'node_modules/better-sqlite3/prebuilds');
    // Compilers made these, one a system.
    expect(
      foreignIn(contentsOf(real), system, arch).some((line) => line.startsWith(`${system}-${arch}`)),
    ).toBe(false);
    expect(foreignIn(contentsOf(real), system, arch).length).toBeGreaterThan(3);
    writeStandIn(folder, system, arch);
    const contents = contentsOf(folder);
    expect(contents.binaries.size).toBeGreaterThan(0);
    expect(foreignIn(contents, system, arch)).toEqual([]);
  });

  it('may be two systems in one file of macOS; a class of Java begins alike', () => {
    const fat = Buffer.alloc(64);
    fat.writeUInt32BE(0xcafebabe, 0);
    fat.writeUInt32BE(2, 4);
    fat.writeUInt32BE(0x01000007, 8);
    fat.writeUInt32BE(0x0100000c, 28);
    expect(binaryOf(fat)).toEqual({ system: 'darwin', arches: ['x64', 'arm64'] });
    fat.writeUInt32BE(65, 4);
    expect(binaryOf(fat)).toBeNull();
  });

  it.each(['', 'MZ', '#!/bin/sh\n', 'x'.repeat(100), `MZ${'\0'.repeat(58)}\xff\xff\xff\x7f`])(
    'is nothing where it is none: %j',
    (text) => {
      expect(binaryOf(Buffer.from(text, 'latin1'))).toBeNull();
    },
  );
});

describe('The list of what a package holds', () => {
  it('names parts and their sizes, the largest first', () => {
    const folder = temporaryFolder();
    const write = (path: string, bytes: number) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), Buffer.alloc(bytes));
    };
    write('resources/app.asar', 3e6);
    write('resources/app.asar.unpacked/node_modules/@scope/one/a.node', 1e6);
    write('resources/app.asar.unpacked/node_modules/@scope/one/deep/b.node', 1e6);
    write('electron', 4e6);
    expect(listOf(contentsOf(folder)).split('\n')).toEqual([
      '     9.0 MB  all',
      '     4.0 MB  Electron',
      '     3.0 MB  app.asar',
      '     2.0 MB  @scope/one',
      '',
    ]);
  });
});

describe('A package for another machine', () => {
  it('is refused where TensorFlow of this machine would be in it, and made where there is none', () => {
    const here = { os: 'darwin', arch: 'arm64' } as const;
    expect(foreignPackage(['--mac', 'dmg', '--arm64'], true, here)).toBeNull();
    expect(foreignPackage([], true, here)).toBeNull();
    expect(foreignPackage(['--mac', 'dmg', '--arm64', '--x64'], true, here)).toContain('run on x64');
    expect(foreignPackage(['--win', '--arm64'], true, here)).toContain('run on win32');
    expect(foreignPackage(['--win', '--x64'], false, here)).toBeNull();
  });
});

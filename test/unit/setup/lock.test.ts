import { describe, expect, it } from 'vitest';
import { lockProblems, type LockFile } from '../../../main/setup/package-lock.ts';

const good: LockFile = {
  '': { dependencies: { tool: '1.2.3' } },
  'node_modules/tool': {
    version: '1.2.3',
    integrity: 'sha512-a',
    optionalDependencies: { 'tool-linux': '1.2.3', 'tool-mac': '1.2.3' },
  },
  'node_modules/tool-linux': { version: '1.2.3', integrity: 'sha512-b' },
  'node_modules/tool/node_modules/tool-mac': { version: '1.2.3', integrity: 'sha512-c' },
};

describe('The lock file', () => {
  it('of this project installs on every system', () => {
    expect(lockProblems()).toEqual([]);
  });

  it('is good where every optional package has a checksum, at the top or nested', () => {
    expect(lockProblems(good)).toEqual([]);
  });

  it('is refused where a package of another system is missing', () => {
    const { 'node_modules/tool-linux': _missing, ...rest } = good;
    expect(lockProblems(rest)).toEqual([
      'tool-linux, an optional package of node_modules/tool, is not in the lock',
    ]);
  });

  it('is refused where the registry had no tarball', () => {
    const problems = lockProblems({ ...good, 'node_modules/tool-linux': { version: '1.2.3' } });
    expect(problems).toEqual([
      'node_modules/tool-linux has no checksum: the registry has no tarball of 1.2.3',
    ]);
  });

  it('is refused where a version is a range, or a tarball comes from elsewhere', () => {
    expect(lockProblems({ ...good, '': { dependencies: { tool: '^1.2.3' } } })).toEqual([
      'tool is not pinned: ^1.2.3',
    ]);
    const elsewhere = {
      version: '1.2.3',
      integrity: 'sha512-b',
      resolved: 'https://mirror.example/tool.tgz',
    };
    expect(lockProblems({ ...good, 'node_modules/tool-linux': elsewhere })).toHaveLength(1);
  });
});

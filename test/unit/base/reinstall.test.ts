import { describe, expect, it } from 'vitest';
import { reinstall } from '../../../main/base/reinstall.ts';

describe('A hint to install again', () => {
  it('speaks of npm to those alone who have the sources', () => {
    expect(reinstall()).toBe('Run npm ci again');
    expect(reinstall('/opt/Recommender Workbench/resources/app.asar/dist/main/chunks')).not.toContain('npm');
    expect(reinstall('C:\\Programs\\workbench\\resources\\app.asar\\dist\\main')).not.toContain('npm');
  });
});

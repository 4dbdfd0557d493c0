import { describe, expect, it } from 'vitest';
import { summarize, summaryLine } from '../../../main/setup/test-summary.ts';

const report = (statuses: string[], message = '') => ({
  numPassedTests: statuses.filter((status) => status === 'passed').length,
  numFailedTests: statuses.filter((status) => status === 'failed').length,
  numFailedTestSuites: 0,
  success: true,
  testResults: [
    {
      name: 'file',
      message,
      assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
    },
  ],
});

describe('The totals of a test run', () => {
  it('count passed, failed and skipped tests', () => {
    const summary = summarize(report(['passed', 'skipped', 'failed', 'passed', 'todo', 'pending']));
    expect(summary.skipped).toEqual(['test 1', 'test 4', 'test 5']);
    expect(summaryLine(summary)).toBe('2 passed, 1 failed, 3 skipped');
  });

  it('count a file that could not be set up as failed', () => {
    expect(summarize(report([], 'SyntaxError')).failed).toBe(1);
    expect(summarize(report(['skipped'], 'a hook failed')).failed).toBe(1);
    expect(summarize(report(['failed'], 'an assertion')).failed).toBe(1);
  });
});

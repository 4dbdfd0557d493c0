import type { OnProgress } from './types.ts';

const INTERVAL = 100;

/** Turns bytes read into progress reports, ten a second at most. */
export class Meter {
  private readonly total: number;
  private readonly report: OnProgress | undefined;
  private readonly began = performance.now();
  private last = -Infinity;

  constructor(total: number, report: OnProgress | undefined) {
    this.total = total;
    this.report = report;
  }

  update(bytes: number, records: number, rejected: number): void {
    const now = performance.now();
    if (!this.report || now - this.last < INTERVAL) return;
    this.last = now;
    const seconds = (now - this.began) / 1000;
    const share = bytes / Math.max(1, this.total);
    this.report({
      stage: 'read',
      bytes,
      totalBytes: this.total,
      records,
      rejected,
      recordsPerSecond: seconds > 0 ? records / seconds : 0,
      eta: share > 0.01 ? (seconds * (1 - share)) / share : null,
    });
  }
}

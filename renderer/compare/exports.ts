/** A comparison as files: the report, all pairs, everything. */
import type { CompareResult } from '../../shared/compare.ts';
import { pairTable } from '../../shared/comparison/pair-table.ts';
import { saveText } from '../charts/save.ts';
import { toCsv } from '../lib/csv.ts';
import { host, invoke } from '../state/engine-api.ts';
import { attempt } from '../state/failures.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { ui } from '../state/ui.svelte.ts';
import { withEveryMetric } from './read.ts';

export async function exportCsv(...comparison: Parameters<typeof withEveryMetric>): Promise<void> {
  await attempt(async () => {
    const { head, rows } = pairTable(await withEveryMetric(...comparison));
    saveText(toCsv(head, rows, ui.kept.safeForSpreadsheets), 'comparison.csv');
  });
}

export function exportJson(result: CompareResult): void {
  saveText(JSON.stringify(result, null, 2), 'comparison.json', 'application/json');
}

export async function exportReport(asked: {
  runs: string[];
  byGroup: boolean;
  metric: string;
  force: boolean;
  lead?: [string, string] | undefined;
}): Promise<void> {
  await attempt(async () => {
    const target = await host().saveFile('report.html', { name: 'Report', extensions: ['html'] });
    if (!target) return;
    await invoke('report', { ...asked, path: target.path });
    await target.deliver();
    toasts.show('Wrote the report');
  });
}

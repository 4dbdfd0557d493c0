/** Which columns of the table of runs are shown: what was chosen, else what the list at hand asks for. */
import { ui } from '../state/ui.svelte.ts';

/** Columns that can be switched, in the order of the table. */
export const optional = [
  { id: 'model', title: 'Model' },
  { id: 'dataset', title: 'Data set' },
  { id: 'split', title: 'Split' },
  { id: 'seed', title: 'Seed' },
  { id: 'interval', title: '95 % interval' },
  { id: 'bar', title: 'Bar' },
  { id: 'epoch', title: 'Epoch' },
  { id: 'versus', title: 'vs baseline' },
  { id: 'coverage', title: 'Coverage' },
  { id: 'golden', title: 'Golden users' },
  { id: 'time', title: 'Time' },
  { id: 'memory', title: 'Memory' },
  { id: 'started', title: 'Created' },
  { id: 'note', title: 'Note' },
] as const;

interface Several {
  severalDatasets: boolean;
  severalSplits: boolean;
  /** Some run was checked against golden users. */
  someGolden: boolean;
}

export function isShown(id: string, { severalDatasets, severalSplits, someGolden }: Several): boolean {
  const chosen = ui.kept.columns[id];
  if (chosen !== undefined) return chosen;
  if (id === 'dataset') return severalDatasets;
  if (id === 'split') return severalSplits;
  if (id === 'golden') return someGolden;
  if (id === 'interval') return !ui.kept.panel;
  // Figures of different splits share no scale.
  if (id === 'bar') return !severalSplits;
  if (id === 'coverage') return !(severalSplits && ui.kept.panel);
  return !['seed', 'memory', 'started', 'note'].includes(id);
}

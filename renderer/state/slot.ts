import type { Run } from '../../shared/contract.ts';
import { ui } from './ui.svelte.ts';

/** Slot of a run's colour, dash and marker: the pinned one, else the first of its kind. */
export function slotOf(run: Pick<Run, 'id' | 'baseline'>): number {
  return ui.kept.slots[run.id] ?? (run.baseline ? 8 : 1);
}

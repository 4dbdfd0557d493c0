import type { Run } from '../../shared/contract.ts';
import { ui } from './ui.svelte.ts';

/** Colour slot of a run: 8 for baselines, its pinned one otherwise. */
export function slotOf(run: Pick<Run, 'id' | 'baseline'>): number {
  return run.baseline ? 8 : (ui.kept.slots[run.id] ?? 1);
}

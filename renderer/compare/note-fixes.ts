/** Where what a note tells of can be mended or seen. */
import type { CompareResult } from '../../shared/compare.ts';
import type { Run } from '../../shared/contract.ts';
import { ui } from '../state/ui.svelte.ts';

export interface Fix {
  title: string;
  go: () => void;
}

/** @param show brings a part of the screen into view, by its id */
export function fixOf(
  note: CompareResult['notes'][number],
  shown: readonly { run: Run }[],
  baseline: Run | null,
  show: (part: string) => void,
): Fix | null {
  const train = (title: string): Fix => ({
    title,
    go: () => ui.newRun(shown[0]?.run.dataset ?? null),
  });
  switch (note.code) {
    case 'missing-baseline':
      return baseline
        ? { title: `Add ${baseline.name}`, go: () => (ui.kept.compare = [...ui.kept.compare, baseline.id]) }
        : train('Train a baseline');
    case 'unequal-tuning':
      return train('Try more configurations');
    case 'one-seed':
      return train('Train more seeds');
    case 'seeds-left-out':
    case 'repeated-seeds':
      return { title: 'Choose the runs', go: () => ui.go('runs') };
    case 'worst-slice':
      return { title: 'Show the slices', go: () => show('slices') };
    case 'constant-scores':
    case 'ties':
    case 'easy-users':
    case 'sampled-metrics':
    case 'diversity-by-factors':
      return { title: 'Show the metrics', go: () => show('metrics') };
    case 'incomparable':
    case 'no-time':
    case 'unpaired-users':
    case 'folds':
      return null;
    default:
      return train('Choose another split');
  }
}

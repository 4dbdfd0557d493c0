export type TimeWindow = 'all' | 'half' | 'quarter' | 'tenth';

/** The last part of a time span, as the filter takes it. */
export function windowOf(
  keep: TimeWindow,
  span: { from: number; to: number } | null,
): { from: number | null; to: number | null } {
  const share = { all: 1, half: 0.5, quarter: 0.25, tenth: 0.1 }[keep];
  if (keep === 'all' || !span) return { from: null, to: null };
  return { from: Math.round(span.to - (span.to - span.from) * share), to: null };
}

interface Named {
  kCore: number | null;
  binarise: number | null;
  minimumRating: number | null;
  sampleUsers: number | null;
  keep: TimeWindow;
}

/** "5-core, ≥ 4 as positive, last quarter" */
export function derivedName({ kCore, binarise, minimumRating, sampleUsers, keep }: Named): string {
  return [
    kCore === null ? '' : `${kCore}-core`,
    minimumRating === null ? '' : `from ${minimumRating}`,
    binarise === null ? '' : `≥ ${binarise} as positive`,
    keep === 'all' ? '' : `last ${keep}`,
    sampleUsers === null ? '' : `${sampleUsers} users`,
  ]
    .filter(Boolean)
    .join(', ');
}

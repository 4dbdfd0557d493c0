import type { ModelDefinition } from './model.ts';

/**
 * Whether a model learns from a rating. To models that rank, every one is a positive, or with a threshold those of at
 * least that; the others are then as if they were not there (a negative may be one of them).
 */
export function learnsFrom(
  kind: ModelDefinition['kind'],
  positive: number | null,
): (rating: number) => boolean {
  if (kind === 'ratings' || positive === null) return () => true;
  return (rating) => rating >= positive;
}

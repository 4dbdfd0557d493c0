/** Where a run places its items, if it places them. */
import type { RunScorer } from './scoring.ts';

export interface ItemVectors {
  /** [itemCount, k] */
  readonly values: Float32Array;
  readonly k: number;
}

/** Factors of the items, or their embeddings; null where the model has none (popularity has a bias alone). */
export function itemVectors({ scorer }: RunScorer): ItemVectors | null {
  const { factors, itemEmbeddings } = scorer;
  if (itemEmbeddings) return itemEmbeddings;
  if (!factors?.items.some((value) => value !== 0)) return null;
  return { values: factors.items, k: factors.k };
}

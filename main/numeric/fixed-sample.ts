import { Random } from './random.ts';

/** Distinct numbers under `count`, the same ones each time; all of them where they are few. */
export function sampleOf(count: number, size: number): number[] {
  if (count <= size) return Array.from({ length: count }, (_, each) => each);
  const random = new Random(1, 'negatives');
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(random.below(count));
  return [...chosen];
}

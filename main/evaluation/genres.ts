import type { ItemVectors } from './evaluation.ts';

/** Genres as 0/1 vectors, in order of first appearance; an item without any keeps a row of zeros. */
export function genreVectors(genres: readonly (readonly string[])[]): ItemVectors {
  const index = new Map<string, number>();
  for (const list of genres) for (const genre of list) if (!index.has(genre)) index.set(genre, index.size);
  const values = new Float32Array(genres.length * index.size);
  genres.forEach((list, item) => {
    for (const genre of list) values[item * index.size + (index.get(genre) ?? 0)] = 1;
  });
  return { values, size: index.size };
}

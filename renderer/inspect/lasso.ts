/** Points on a plane, fitted into a picture, and those inside of a line drawn round them. */

export interface Point {
  x: number;
  y: number;
}

/** Pixels of points in a square of `size`, with a margin; equal scales on both axes. */
export function fitted(points: readonly Point[], size: number, margin = 8): Point[] {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right] = ends(xs);
  const [bottom, top] = ends(ys);
  const scale = (size - 2 * margin) / Math.max(right - left, top - bottom, 1e-12);
  const place = (value: number, low: number, high: number) => size / 2 + (value - (low + high) / 2) * scale;
  return points.map(({ x, y }) => ({ x: place(x, left, right), y: size - place(y, bottom, top) }));
}

function ends(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Whether a point lies inside of a closed line, by the crossings of a ray to the right. */
export function isInside({ x, y }: Point, line: readonly Point[]): boolean {
  let inside = false;
  for (let a = 0, b = line.length - 1; a < line.length; b = a++) {
    const [p, q] = [line[a], line[b]];
    if (p && q && p.y > y !== q.y > y && x < ((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x) inside = !inside;
  }
  return inside;
}

/** The genres of most points, at most `most`; every other is "other". */
export function commonGenres(genres: readonly (string | null)[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const genre of genres) if (genre !== null) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, most)
    .map(([genre]) => genre);
}

/** Step 1 … 6 of the sequential colours for a value among others, by its rank: as many points in each step. */
export function stepsOf(values: readonly (number | null)[]): (number | null)[] {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return values.map((value) => {
    if (value === null) return null;
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return 1 + Math.min(5, Math.floor((6 * low) / Math.max(1, known.length)));
  });
}

/** Functions with known minima, and what a sampler must reach on them. */
import type { SearchSpace } from '../../../shared/search.ts';
import type { Point } from '../../../main/search/space.ts';

const numbers = (...ends: [string, number, number][]): SearchSpace =>
  ends.map(([name, low, high]) => ({ kind: 'number', name, low, high, scale: 'linear', integer: false }));

export interface TestFunction {
  readonly space: SearchSpace;
  readonly value: (point: Point) => number;
  readonly minimum: number;
}

/** Minimum at (−π, 12.275), (π, 2.275) and (9.42478, 2.475). */
export const branin: TestFunction = {
  space: numbers(['x', -5, 10], ['y', 0, 15]),
  value: (point) => {
    const [x, y] = [Number(point.x), Number(point.y)];
    const bend = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
    return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
  minimum: 0.397887,
};

const A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

export const hartmann6: TestFunction = {
  space: numbers(['a', 0, 1], ['b', 0, 1], ['c', 0, 1], ['d', 0, 1], ['e', 0, 1], ['f', 0, 1]),
  value: (point) => {
    const x = Object.values(point).map(Number);
    return -[1, 1.2, 3, 3.2].reduce((sum, height, i) => {
      const away = x.reduce((total, value, j) => total + A[i][j] * (value - P[i][j] / 1e4) ** 2, 0);
      return sum + height * Math.exp(-away);
    }, 0);
  },
  minimum: -3.32237,
};

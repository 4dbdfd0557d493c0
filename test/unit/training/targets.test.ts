import { expect, it } from 'vitest';
import { isBetter } from '../../../main/training/targets.ts';

it.each([
  ['rmse', false],
  ['tieRate', false],
  ['ndcg@10', true],
  ['sampled99/hr@10', true],
])('the target %s is better higher: %s', (target, higher) => {
  expect(isBetter(target, 0.2, 0.1)).toBe(higher);
  expect(isBetter(target, 0.1, 0.2)).toBe(!higher);
  expect(isBetter(target, NaN, 0.1)).toBe(false);
});

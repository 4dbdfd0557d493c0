import { bias } from './bias.ts';
import { random } from './random.ts';
import { popularity } from './popularity.ts';
import { bpr } from './bpr.ts';
import { mf } from './mf.ts';
import { itemKnn } from './itemknn.ts';
import { ease } from './ease.ts';
import { ials } from './ials.ts';
import { autorec } from './autorec.ts';
import { neumf } from './neumf.ts';
import { caser } from './caser.ts';
import type { ModelDefinition } from './model.ts';

/** Every model, in the order of the gallery. Adding one = its file and a line here. */
export const models: readonly ModelDefinition[] = [
  mf,
  autorec,
  bpr,
  neumf,
  caser,
  itemKnn,
  ease,
  ials,
  popularity,
  random,
  bias,
];

/** The definition of a model by its name, or undefined. */
export function findModel(name: string): ModelDefinition | undefined {
  return models.find((model) => model.name === name);
}

import { itemKnn } from './itemknn.ts';
import { ease } from './ease.ts';
import { ials } from './ials.ts';
import type { ModelDefinition } from './model.ts';

/** Every model, in the order of the gallery. Adding one = its file and a line here. */
export const models: readonly ModelDefinition[] = [itemKnn, ease, ials];

/** The definition of a model by its name, or undefined. */
export function findModel(name: string): ModelDefinition | undefined {
  return models.find((model) => model.name === name);
}

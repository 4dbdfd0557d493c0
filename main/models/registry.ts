import { bias } from './bias/definition.ts';
import { random } from './random/definition.ts';
import { popularity } from './popularity/definition.ts';
import { bpr } from './bpr/definition.ts';
import { mf } from './mf/definition.ts';
import { itemKnn } from './itemknn/definition.ts';
import { ease } from './ease/definition.ts';
import { ials } from './ials/definition.ts';
import { autorec } from './autorec/definition.ts';
import { neumf } from './neumf/definition.ts';
import { caser } from './caser/definition.ts';
import type { ModelDefinition } from '../model/model.ts';

const registered: ModelDefinition[] = [
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

/**
 * Every model, in the order of the gallery; the form of a new run starts with the first. Adding one = its folder and a
 * line above.
 */
export const models: readonly ModelDefinition[] = registered;

/**
 * Adds a model at the end, in this process: for tests. Returns how to take it out again.
 * @throws Error where the name is taken
 */
export function registerModel(definition: ModelDefinition): () => void {
  if (findModel(definition.name)) throw new Error(`There is a model "${definition.name}" already.`);
  registered.push(definition);
  return () => void registered.splice(registered.indexOf(definition), 1);
}

/** The definition of a model by its name, or undefined. */
export function findModel(name: string): ModelDefinition | undefined {
  return models.find((model) => model.name === name);
}

/** Titles as a sentence names them: "BPR, NeuMF or EASE". */
export function titlesOf(some: readonly ModelDefinition[]): string {
  const titles = some.map(({ title }) => title);
  return titles.length < 2 ? titles.join() : `${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;
}

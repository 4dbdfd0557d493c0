/** Splits of several parts: k-fold trains one run a fold, rolling one a window of time; together they are one group. */
import { type SplitConfig, WINDOWS } from './config.ts';

type Split = Partial<SplitConfig>;

/** Names of the splits of several parts, and what a part of each is called. */
const partNames: Partial<Record<SplitConfig['name'], string>> = { 'k-fold': 'fold', rolling: 'window' };

/** Number of parts of a split; 1 of one that has none. */
export function partCount({ name, folds = 5, windows = WINDOWS }: Split): number {
  if (name === 'k-fold') return folds;
  return name === 'rolling' ? windows : 1;
}

/** The configuration once for each part of its split. */
export function eachPart<C extends { readonly split?: Split | undefined }>(config: C): C[] {
  const { split } = config;
  const part = split?.name && partNames[split.name];
  if (!split || !part) return [config];
  return Array.from({ length: partCount(split) }, (_, k) => ({ ...config, split: { ...split, [part]: k } }));
}

/** "fold 2", "window 2": which part of its split a run is tested on, counted from 1; null where it has none. */
export function partTitle(split: Split): string | null {
  const part = split.name && partNames[split.name];
  if (part === undefined) return null;
  return `${part} ${((part === 'fold' ? split.fold : split.window) ?? 0) + 1}`;
}

/** Name of the group of the parts of one configuration; the number tells groups of one name apart. */
export function partGroup(name: string, split: Split, now = Date.now()): string {
  return `${name} ${partCount(split)}-${split.name === 'rolling' ? 'window' : 'fold'} ${now}`;
}

/** Of a group's name, what `partGroup` added to it. */
export const partGroupTail = / (\d+)-(fold|window) \d+$/;

import type { Preset } from '../model/preset.ts';
import { models } from './registry.ts';

/** A preset and the name of its model. */
export interface ModelPreset extends Preset {
  readonly model: string;
}

/** Presets of the book's chapter 21, of the papers, and tuned ones, in the order of the models. */
export const presets: readonly ModelPreset[] = models.flatMap(({ name, presets = [] }) =>
  presets.map((preset) => ({ ...preset, model: name })),
);

/** A preset by its name, or undefined. */
export function findPreset(name: string): ModelPreset | undefined {
  return presets.find((preset) => preset.name === name);
}

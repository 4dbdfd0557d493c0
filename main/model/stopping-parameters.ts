/** Early stopping is the trainer's, so every model that trains in epochs has these parameters. */
import type { ParameterSchema, Parameters } from '../../shared/config.ts';

const usually: readonly ParameterSchema[] = [
  {
    name: 'patience',
    title: 'Patience',
    type: 'integer',
    default: 5,
    minimum: 0,
    maximum: 1000,
    effect:
      'Epochs without a better validation figure before training stops; 0 trains all epochs and keeps the best one.',
    group: 'training',
  },
  {
    name: 'noiseMargin',
    title: 'Noise margin',
    type: 'number',
    default: 1,
    minimum: 0,
    maximum: 10,
    effect:
      'Standard errors (of the difference user by user) by which validation must get better to count for patience; ' +
      '0: any improvement. Higher: stops earlier on a plateau.',
    group: 'training',
  },
  {
    name: 'minimumEpochs',
    title: 'Minimum epochs',
    type: 'integer',
    default: 10,
    minimum: 1,
    maximum: 10_000,
    effect: 'Patience stops nothing before this epoch. Higher: a slow start is not taken for the end.',
    group: 'training',
  },
];

/** @param own numbers of a model that starts slowly; the others take the usual ones */
export function stopping(own: Readonly<Record<string, number>> = {}): readonly ParameterSchema[] {
  return usually.map((schema) => ({ ...schema, default: own[schema.name] ?? schema.default }));
}

export const stoppingParameters = stopping();

/** Patience as it is usually meant: any improvement counts, from the first epoch on. What presets were tuned with. */
export const plainPatience: Parameters = { patience: 5, noiseMargin: 0, minimumEpochs: 1 };

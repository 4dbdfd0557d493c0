/** Trials of a sweep: every combination of lists and steps of ranges, or so many drawn at random. */
import type { Parameters, ParameterValue } from '../../shared/config.ts';
import { seeded } from '../lib/random.ts';

/** A range of numbers, both ends included; on a log scale equal factors are equally likely. */
export interface Range {
  from: number;
  to: number;
  log: boolean;
  integer: boolean;
}
/** What a field says: one value, several, or a range. */
export type Choice = ParameterValue[] | Range;

export const isRange = (choice: Choice): choice is Range => !Array.isArray(choice);

/** The value at a share (0…1) of a range, as short as a person would type it. */
function valueAt({ from, to, log, integer }: Range, share: number): number {
  if (!integer && (share === 0 || share === 1)) return share === 0 ? from : to;
  const value = log ? from * (to / from) ** share : from + (to - from) * share;
  return integer ? Math.min(to, Math.max(from, Math.round(value))) : Number(value.toPrecision(3));
}

/** Evenly spaced values of a range on its scale, both ends included. */
export function stepsOf(range: Range, steps: number): number[] {
  const values = Array.from({ length: steps }, (_, step) =>
    valueAt(range, steps === 1 ? 0.5 : step / (steps - 1)),
  );
  return [...new Set(values)];
}

const listOf = (choice: Choice, steps: number): ParameterValue[] =>
  isRange(choice) ? stepsOf(choice, steps) : choice;

/** How many trials the grid has, counted without making them. */
export function gridSize(choices: Record<string, Choice>, steps: number): number {
  return Object.values(choices).reduce((size, choice) => size * listOf(choice, steps).length, 1);
}

/** Every combination; one trial where each field has one value. */
export function gridOf(choices: Record<string, Choice>, steps: number): Parameters[] {
  let trials: Parameters[] = [{}];
  for (const [name, choice] of Object.entries(choices)) {
    const values = listOf(choice, steps);
    trials = trials.flatMap((trial) => values.map((value) => ({ ...trial, [name]: value })));
  }
  return trials;
}

/** Random search (Bergstra & Bengio 2012): each field drawn on its own. Fewer where the choices have no more to give. */
export function drawTrials(choices: Record<string, Choice>, count: number, seed: number): Parameters[] {
  const random = seeded(seed);
  const trials = new Map<string, Parameters>();
  for (let draw = 0; draw < count * 20 && trials.size < count; draw++) {
    const trial: Parameters = {};
    for (const [name, choice] of Object.entries(choices)) {
      const share = random();
      const value = isRange(choice) ? valueAt(choice, share) : choice[Math.floor(share * choice.length)];
      if (value !== undefined) trial[name] = value;
    }
    trials.set(JSON.stringify(trial), trial);
  }
  return [...trials.values()];
}

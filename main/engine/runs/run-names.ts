import type { Parameters, ParameterValue, RunConfig } from '../../../shared/config.ts';
import { partTitle } from '../../../shared/parts.ts';
import type { ModelDefinition } from '../../model/model.ts';

/** Short names of the hyper-parameters that name a run, in order. */
const short: Readonly<Record<string, string>> = {
  embeddingSize: 'k',
  learningRate: 'lr ',
  layers: '',
  loss: '',
};
/** Longest name made here; the user may give longer ones. */
const longest = 60;

/**
 * A run's name: the preset, or the model and what differs from its defaults ("BPR k64 lr .05"); with the seed where
 * it is not 1.
 */
export function nameOf(model: ModelDefinition, parameters: Parameters, config: RunConfig): string {
  const seed = config.seed === 1 ? '' : ` seed ${config.seed}`;
  if (config.preset) return `${config.preset}${seed}`;
  const parts = model.parameters
    .filter(({ name, default: usual }) => differs(config.parameters[name], usual, parameters[name]))
    .map(({ name, title }) => `${short[name] ?? `${lowerFirst(title)} `}${figure(parameters[name])}`);
  const named = [model.title, ...parts].join(' ');
  return `${named.length > longest ? `${named.slice(0, longest - 1)}…` : named}${seed}`;
}

/** Whether a value was given, and is not the default in other words (text from a command line). */
function differs(given: ParameterValue | undefined, usual: ParameterValue, value: ParameterValue): boolean {
  return given !== undefined && given !== usual && value !== usual;
}

/** Folds and windows of one configuration are told apart by their number, from 1. */
export function partName(name: string, split: RunConfig['split']): string {
  const part = partTitle(split);
  return part === null ? name : `${name} ${part}`;
}

/** Makes "Initial scale" fit inside a name as "initial scale"; an abbreviation such as "L2 of factors" stays as it is. */
function lowerFirst(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

function figure(value: Parameters[string]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value).replace(/^0\./, '.');
  return String(value).replaceAll(',', '-');
}

/** Settings that are tried on every data set. */
import type { Parameters, ParameterValue } from '../../shared/config.ts';
import type { DataSize } from '../../main/model/model.ts';

/** A setting by numbers, or by a rule on counts. */
export interface Candidate {
  readonly words: string;
  readonly of: (data: DataSize) => Parameters;
}

/** All combinations, the last name's values varying fastest. */
export function grid(values: Readonly<Record<string, readonly ParameterValue[]>>): Candidate[] {
  const settings = Object.entries(values).reduce<Parameters[]>(
    (all, [name, options]) => all.flatMap((one) => options.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return settings.map((setting) => ({
    words: Object.entries(setting)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', '),
    of: () => setting,
  }));
}

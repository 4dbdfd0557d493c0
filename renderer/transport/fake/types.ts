import type * as v from 'valibot';

export type Infer<S extends v.GenericSchema> = v.InferOutput<S>;

export interface FakeOptions {
  /** Nothing is there yet: the first start. */
  empty?: boolean;
  /** This many runs more than the standing ones. */
  extraRuns?: number;
  /** Milliseconds between epochs of running runs; 0: they stand still, as pictures want. */
  tick?: number;
  theme?: 'light' | 'dark' | 'system';
}

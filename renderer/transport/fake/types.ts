import type * as v from 'valibot';

export type Infer<S extends v.GenericSchema> = v.InferOutput<S>;

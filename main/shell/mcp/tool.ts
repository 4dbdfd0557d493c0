/** What an assistant may ask for: a name, words for it, a schema of what it takes, and the call behind it. */
import type * as v from 'valibot';
import type { Host } from '../../engine/host.ts';

export interface Tool<Input extends v.GenericSchema = v.GenericSchema> {
  readonly name: string;
  readonly title: string;
  /** When to use it and what comes back. */
  readonly description: string;
  /** An object; every field has its bounds and its description. */
  readonly input: Input;
  /** Only with --allow-writes: it changes the data folder, reads a file that is named, or writes one. */
  readonly writes: boolean;
  readonly run: (host: Host, input: v.InferOutput<Input>) => Promise<unknown>;
}

/** Keeps the type of the input between schema and call. */
export function tool<Input extends v.GenericSchema>(of: Tool<Input>): Tool {
  // The list of tools holds inputs of every shape; the server checks each against its own schema before the call.
  return of as unknown as Tool;
}

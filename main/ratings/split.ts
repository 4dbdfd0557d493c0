import type { SplitConfig } from '../../shared/config.ts';

/** A split of one data set: which part each row is in, and (for given files) whom each test row is ranked against. */
export interface Split {
  readonly config: SplitConfig;
  /** Hash of the configuration and of every row's part: runs are comparable only under the same one. */
  readonly hash: string;
  /** [n] TRAIN, VALIDATION, TEST or (of rolling splits) LATER of each row of the ratings. */
  readonly part: Uint8Array;
  /** Given candidates of each test row, in row order: items[start[t] … start[t + 1] − 1]; absent unless given. */
  readonly given?: { readonly start: Uint32Array; readonly items: Uint32Array };
}

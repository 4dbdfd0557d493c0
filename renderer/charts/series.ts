export interface Point {
  x: number;
  y: number;
}

/** One run's line: smooth, with the raw values as a ghost under it. */
export interface Series {
  label: string;
  /** Of the run, where it is one: it stands out wherever it is shown. */
  id?: string;
  slot: number;
  points: readonly Point[];
  raw?: readonly Point[];
}

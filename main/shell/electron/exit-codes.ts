/** How the app ends, for whoever started it. */
export const exitCodes = {
  /** A self-test that found a fault. */
  failed: 1,
  /** It cannot go on, and has told the person so: another way to open the windows would not get further. */
  told: 3,
} as const;

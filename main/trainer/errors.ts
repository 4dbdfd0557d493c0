/**
 * A failure that the user can act on: it crosses processes as `{code, message, hint}`, never as a stack.
 * `code` is stable (`compute-unavailable`, `invalid-parameter`, `loss-not-finite`, …), `hint` says what to do.
 */
export class TrainerError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrainerError';
    this.code = code;
    this.hint = hint;
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

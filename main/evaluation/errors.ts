/** A failure that the user can act on: crosses processes as `{code, message, hint}`, never as a stack. */
export class EvaluationError extends Error {
  readonly code: string;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.name = 'EvaluationError';
    this.code = code;
    this.hint = hint;
  }
}

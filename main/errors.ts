/** An error for the person in front of the screen: what happened and where, and how to mend it. */
export class WorkbenchError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly details?: unknown;

  /**
   * @param code stable, for programs: `columns-needed`
   * @param message what happened, and where
   * @param hint how to mend it
   * @param details figures that belong to it, such as an import's accounting
   */
  constructor(code: string, message: string, hint: string, details?: unknown) {
    super(message);
    this.name = 'WorkbenchError';
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

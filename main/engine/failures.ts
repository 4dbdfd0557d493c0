import * as v from 'valibot';
import type { ErrorShape } from '../../shared/contract.ts';
import { fileError, WorkbenchError } from '../base/errors.ts';
import { databaseError } from '../store/database.ts';

/** Anything thrown, as it crosses a process border: code, message and hint, never a stack. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof Error && 'code' in error && 'hint' in error && typeof error.hint === 'string') {
    const details = 'details' in error ? error.details : undefined;
    return {
      code: String(error.code),
      message: error.message,
      hint: error.hint,
      ...(details === undefined ? {} : { details }),
    };
  }
  const known = fileError(error) ?? databaseError(error);
  if (known) return { code: known.code, message: known.message, hint: known.hint };
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: 'This is a fault of the workbench. What was saved before is safe; Settings has a diagnostics page.',
  };
}

/** The error that a shape came from, to be thrown on this side of the border. */
export function fromErrorShape(shape: ErrorShape): WorkbenchError {
  return new WorkbenchError(shape.code, shape.message, shape.hint, shape.details);
}

const fix = 'Fix this value, or leave it out to take the usual one.';

/** A schema's complaints as one sentence that names the field. */
export function invalidParameters(
  method: string,
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): WorkbenchError {
  const [first] = issues;
  // Where the field stands in the request says nothing to who filled it in.
  const field = v.getDotPath(first)?.replace(/^(configs\.\d+|settings|filters)\./, '') ?? method;
  const { expected, received } = first;
  if (expected === null) return new WorkbenchError('invalid-parameters', `${field}: ${first.message}.`, fix);
  const length = first.type.endsWith('_length') ? ' in length' : '';
  return new WorkbenchError(
    'invalid-parameters',
    `${field}: expected ${expected}${length}, found ${received}.`,
    fix,
  );
}

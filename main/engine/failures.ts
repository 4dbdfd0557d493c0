import * as v from 'valibot';
import type { ErrorShape } from '../../shared/contract.ts';
import { WorkbenchError } from '../errors.ts';

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
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return {
      code: 'disk-full',
      message: 'The disk is full. Nothing of what was being written was kept.',
      hint: 'Free some space, then do it again.',
    };
  }
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

/** A schema's complaints as one sentence that names the field. */
export function invalidParameters(
  method: string,
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): WorkbenchError {
  const [first] = issues;
  const path = v.getDotPath(first);
  return new WorkbenchError(
    'invalid-parameters',
    `${method}: ${path ? `${path}: ` : ''}${first.message}.`,
    first.expected
      ? `Expected ${first.expected}, found ${first.received}.`
      : 'See the contract for what it takes.',
  );
}

import type { ErrorShape } from '../../shared/contract.ts';
import { messageOf } from '../base/message-of.ts';

/** What crosses to the engine: never a stack. A fault that is nobody's choice gets the code `training-failed`. */
export function errorShape(error: unknown): ErrorShape {
  if (error instanceof Error && 'code' in error && 'hint' in error)
    return {
      code: String(error.code),
      message: error.message,
      hint: String(error.hint),
      ...('details' in error && error.details !== undefined ? { details: error.details } : {}),
    };
  return {
    code: 'training-failed',
    message: `Training stopped on a fault: ${messageOf(error).slice(0, 500)}`,
    hint: 'Start the run again with another compute; if it stays, report it with the log.',
  };
}

/** Whether a trial ended because somebody cancelled it. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'cancelled';
}

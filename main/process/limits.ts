import type { ErrorShape } from '../../shared/contract.ts';

/** Nesting of one message. The deepest that the windows send has 8 levels; writers of JSON and of clones recurse. */
const deepest = 32;
/** Values in one message, lists and objects counted. */
const mostValues = 1_000_000;
/** Characters in all texts and names of one message; bytes, where it comes as text. */
export const largest = 8 * 2 ** 20;

/**
 * What is wrong with a message that came from outside, on whatever way (WebSocket, joined socket, Electron's or Node's
 * IPC); null where it can be passed on. It is plain JSON of limited depth and size, so no writer of it overflows its
 * stack. The walk itself does not recurse, and a value that holds itself is too deep.
 */
export function messageFault(message: unknown): ErrorShape | null {
  const waiting: unknown[] = [message];
  const depths = [0];
  let values = 0;
  let characters = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    const depth = depths.pop() ?? 0;
    if (depth > deepest) return fault(`is nested more than ${deepest} deep`);
    if (++values > mostValues) return fault(`has more than ${mostValues.toLocaleString('en')} values`);
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'object' && value !== null) {
      const isList = Array.isArray(value);
      if (!isList && !isPlain(value)) return fault('holds something that JSON does not have');
      const inside: unknown[] = isList ? value : Object.values(value);
      if (values + waiting.length + inside.length > mostValues)
        return fault(`has more than ${mostValues.toLocaleString('en')} values`);
      if (!isList) for (const key of Object.keys(value)) characters += key.length;
      for (const each of inside) {
        waiting.push(each);
        depths.push(depth + 1);
      }
    } else if (!isScalar(value)) return fault('holds something that JSON does not have');
    if (characters > largest) return fault(`has more than ${largest / 2 ** 20} MB of text`);
  }
  return null;
}

function isScalar(value: unknown): boolean {
  return value === null || ['number', 'boolean', 'undefined'].includes(typeof value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function fault(what: string): ErrorShape {
  return {
    code: 'message-too-large',
    message: `The request ${what}, so it was not read.`,
    hint: 'Ask for less at once.',
  };
}

/** Values of Parquet as the text that a CSV would have, so that one path reads all files. */
import { WorkbenchError } from '../../base/errors.ts';
import { floatText } from '../text/float-text.ts';

/** What of a column decides how its values are written; Parquet's own names. */
export interface ColumnType {
  readonly name: string;
  readonly type?: string | undefined;
  readonly converted_type?: string | undefined;
  readonly scale?: number | undefined;
}

export type TextOf = (value: unknown) => string;

/** Values that come again and again, as ratings do, are written once. */
const remembered = 10_000;

/** @throws WorkbenchError `inexact`, from the function that it returns */
export function textOf(column: ColumnType): TextOf {
  if (column.converted_type === 'DECIMAL') return decimalText(column);
  if (column.type !== 'FLOAT') return anyText;
  const texts = new Map<number, string>();
  return (value) => {
    if (typeof value !== 'number') return anyText(value);
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = floatText(value);
    if (texts.size < remembered) texts.set(value, text);
    return text;
  };
}

/** The library has decimals as numbers: beyond 2⁵³ two ids would become one, so that such a file is refused. */
function decimalText({ name, scale = 0 }: ColumnType): TextOf {
  const largest = Number.MAX_SAFE_INTEGER / 10 ** scale;
  return (value) => {
    if (typeof value === 'number' && Math.abs(value) > largest) {
      throw new WorkbenchError(
        'inexact',
        `Column ${name} has decimals of more than 15 digits, which cannot be read exactly.`,
        'Write the column as text or as whole numbers of 64 bits.',
      );
    }
    return anyText(value);
  };
}

function anyText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return `[${value.map(anyText).join(', ')}]`;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

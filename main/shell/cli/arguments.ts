/** Text of the command line into values. Complaints name the option. */
import { InvalidArgumentError } from 'commander';

export function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('A whole number is needed.');
  return value;
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('A number is needed.');
  return value;
}

export function integers(text: string): number[] {
  return text.split(',').map((part) => integer(part));
}

/** A header name, or a position from 1. */
export function column(text: string): string | number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : text;
}

/** `key=value` pairs, collected over several --set. */
export function setting(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('It is written key=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The delimiter as shells let one write it. */
export function delimiter(text: string): string {
  const named: Record<string, string> = {
    '\\t': '\t',
    tab: '\t',
    space: ' ',
    comma: ',',
    semicolon: ';',
    pipe: '|',
  };
  return named[text] ?? text;
}

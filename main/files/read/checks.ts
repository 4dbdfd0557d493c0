/** What makes a record unusable, in the words of the report. */
import type { Plan } from '../sniff/plan.ts';
import type { Reject, RejectKind, TimeUnit } from '../types.ts';

const expectedTimes: Record<TimeUnit, string> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'a date like 2004-05-31',
  dmy: 'a date like 31/05/2004',
  mdy: 'a date like 05/31/2004',
  order: 'a number that gives the order',
};

export function expectedTime(unit: TimeUnit | null): string {
  return unit ? expectedTimes[unit] : 'a time';
}

/** Why an instant cannot be used; null where it can. Zero stands for no time in some files, and is one. */
export function timeFault(
  { timeUnit, timeBounds }: Plan,
  instant: number,
): { kind: 'bad time' | 'other time unit'; expected: string } | null {
  const expected = expectedTime(timeUnit);
  if (Number.isNaN(instant)) return { kind: 'bad time', expected };
  if (instant > timeBounds.to) {
    const kind = timeUnit !== null && timeUnit in dates ? 'bad time' : 'other time unit';
    return { kind, expected: `${expected}; this would be ${yearOf(instant)}` };
  }
  if (instant <= 0 || instant >= timeBounds.from) return null;
  return {
    kind: 'other time unit',
    expected: `${expected}, as the others; this would be ${yearOf(instant)}`,
  };
}

const dates = { iso: true, dmy: true, mdy: true };
const yearMilliseconds = 365.2425 * 86_400_000;
const yearOf = (instant: number): string =>
  `the year ${Math.floor(1970 + instant / yearMilliseconds).toLocaleString('en-GB')}`;

export function columnLabel(plan: Plan, at: number): string {
  return plan.names[at] ? plan.names[at] : String(at + 1);
}

export function wrongCount(
  count: number,
  expected: number,
): { kind: RejectKind; found: string; expected: string } {
  return {
    kind: count < expected ? 'missing column' : 'too many columns',
    found: `${count} ${count === 1 ? 'column' : 'columns'}`,
    expected: `${expected} ${expected === 1 ? 'column' : 'columns'}`,
  };
}

/** Whether a rating's text is the one declared missing: as text, or as the same number. */
export function isDeclared(
  text: string,
  value: number,
  declared: string | null,
  declaredValue: number,
): boolean {
  if (declared === null) return false;
  return text.trim() === declared.trim() || value === declaredValue;
}

export const brokenReject = (
  kind: 'bad quoting' | 'too long' | 'bad encoding',
  line: number,
  text: string,
  encoding: string,
): Omit<Reject, 'records'> => ({
  line,
  kind,
  found:
    kind === 'too long'
      ? 'a record of more than 4 MB'
      : kind === 'bad quoting'
        ? 'a quote out of place'
        : unreadable(text),
  expected:
    kind === 'too long'
      ? 'a record of fields'
      : kind === 'bad quoting'
        ? 'quotes around whole fields, doubled inside'
        : `text in ${encoding}`,
  text,
});

/** The first place of a text that could not be read, with its surroundings. */
function unreadable(text: string): string {
  const at = text.search(/[\ufffd\0]/);
  return at < 0 ? 'bytes that are no text' : text.slice(Math.max(0, at - 10), at + 11).replaceAll('\0', '␀');
}

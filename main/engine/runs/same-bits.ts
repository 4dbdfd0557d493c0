/** Whether two runs of one configuration came to the same bits, and if not, what differs and why it may. */
import type { RunDifference } from '../../../shared/outside.ts';
import { artifactKinds } from '../../../shared/capsules.ts';
import { artifactNames, readArtifact } from '../../store/artifacts.ts';
import { bytesOf, type TypedArray } from '../../store/columns.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { epochsOf, findRun, versionsOf } from '../../store/runs.ts';

const titles = {
  perUser: 'per-user values',
  lists: 'lists',
  ranks: 'ranks',
  predictions: 'predictions',
  weights: 'weights',
} as const;

/** Results that differ first, then what may be the reason; empty where all bits are the same. */
export function differencesOf(database: ReadableDatabase, first: string, second: string): RunDifference[] {
  const [a, b] = [findRun(database, first), findRun(database, second)];
  const results = [
    ...metricDifferences(a.run.metrics.test, b.run.metrics.test, 'test'),
    ...metricDifferences(a.run.metrics.validation, b.run.metrics.validation, 'validation'),
    ...curveDifferences(database, a.key, b.key),
    ...artifactKinds.flatMap((kind) => arrayDifferences(database, a.key, b.key, kind)),
  ];
  return results.length === 0 ? [] : [...results, ...reasons(database, a, b)];
}

function metricDifferences(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  part: string,
): RunDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !Object.is(before[key], after[key]))
    .map((key) => ({
      kind: 'result',
      what: `${part} ${key}`,
      before: String(before[key] ?? 'none'),
      after: String(after[key] ?? 'none'),
    }));
}

function curveDifferences(database: ReadableDatabase, a: number, b: number): RunDifference[] {
  const [before, after] = [epochsOf(database, a), epochsOf(database, b)];
  const alike = (k: number): boolean =>
    before[k]?.loss === after[k]?.loss &&
    JSON.stringify(before[k]?.validation) === JSON.stringify(after[k]?.validation);
  const first = Array.from({ length: Math.max(before.length, after.length) }, (_, k) => k).find(
    (k) => !alike(k),
  );
  if (first === undefined) return [];
  const loss = (epochs: typeof before): string =>
    epochs[first] ? `loss ${epochs[first].loss}` : 'no such epoch';
  return [
    { kind: 'result', what: `curve from epoch ${first + 1}`, before: loss(before), after: loss(after) },
  ];
}

function arrayDifferences(
  database: ReadableDatabase,
  a: number,
  b: number,
  kind: (typeof artifactKinds)[number],
): RunDifference[] {
  const names = new Set([a, b].flatMap((key) => artifactNames(database, key, kind).map(({ name }) => name)));
  const unlike = [...names].flatMap((name) => {
    const [before, after] = [a, b].map((key) => readArtifact(database, key, kind, name));
    if (before && after && bytesOf(before).equals(bytesOf(after))) return [];
    return [{ name, entries: before && after ? differing(before, after) : null }];
  });
  if (unlike.length === 0) return [];
  const words = unlike
    .slice(0, 5)
    .map(({ name, entries }) => (entries === null ? name : `${name} (${entries})`));
  const more = unlike.length > 5 ? ` and ${unlike.length - 5} more` : '';
  return [
    { kind: 'result', what: titles[kind], before: 'stored', after: `others in ${words.join(', ')}${more}` },
  ];
}

/** "3 of 90 values". */
function differing(before: TypedArray, after: TypedArray): string {
  if (before.length !== after.length) return `${after.length} values, not ${before.length}`;
  let count = 0;
  for (let k = 0; k < before.length; k++) if (!Object.is(before[k], after[k])) count++;
  return `${count} of ${before.length} values`;
}

type Found = ReturnType<typeof findRun>;

function reasons(database: ReadableDatabase, a: Found, b: Found): RunDifference[] {
  const facts = ({ key, run }: Found): Record<string, string> => {
    const { engine, backend, version, simd, threads } = run.compute ?? {};
    const { app, ...libraries } = versionsOf(database, key);
    return {
      'app version': app ?? 'unknown',
      compute: `${engine ?? 'unknown'} (${backend ?? '?'} ${version ?? '?'})`,
      SIMD: simd ?? 'unknown',
      threads: String(threads ?? 'unknown'),
      'data set': run.fingerprint,
      split: run.split?.hash ?? 'none',
      ...libraries,
    };
  };
  const [before, after] = [facts(a), facts(b)];
  return Object.keys({ ...before, ...after })
    .filter((what) => before[what] !== after[what])
    .map((what) => ({ kind: 'reason', what, before: before[what] ?? 'none', after: after[what] ?? 'none' }));
}

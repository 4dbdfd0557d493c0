/** Makes recorded answers small, and the same on every machine and day. */

/** 20 November 2026, 14:32 UTC: when everything recorded began. */
const BEGAN = Date.UTC(2026, 10, 20, 14, 32);
/** Longer arrays are cut to this many entries, by the name of the field that holds them. */
const most: Readonly<Record<string, number>> = { history: 30, preview: 20, rejects: 40, log: 12, runs: 60 };
/** Metrics whose pairs are kept of a comparison. */
const pairsOf = new Set(['ndcg@10', 'recall@10', 'hr@10', 'mrr@10', 'map@10', 'rmse']);

/** What differs between machines or days, by field: the value that is recorded. */
const fixed: Readonly<Record<string, unknown>> = {
  createdAt: BEGAN,
  startedAt: BEGAN,
  finishedAt: BEGAN + 60_000,
  endedAt: BEGAN + 60_000,
  at: BEGAN,
  seconds: 2,
  milliseconds: 2,
  secondsLeft: 3,
  rate: 250_000,
  examplesPerSecond: 1_900_000,
  peakMemoryMb: 96,
  cpuSeconds: 3,
  wallSeconds: 2,
  energyJoules: null,
  energyNote: 'recorded',
  memoryMb: 96,
  gflops: 100,
  simd: 'plain',
  threads: 2,
  databaseBytes: 8_000_000,
  freeBytes: 1_000_000,
  before: 9_000_000,
  after: 8_000_000,
  platform: 'linux x64',
  node: '24.0.0',
  version: '1',
  detail: 'recorded',
  // Events of a stage are thinned out by time, so which stage came last is chance.
  stage: 'training',
  system: 'linux',
  processor: 'recorded',
  cores: 2,
  total: 16_000,
  free: 8_000,
  engineMemoryMb: 100,
  databaseMb: 8,
};

/** Of these, known or not yet known is chance too. */
const chance = new Set(['rate', 'secondsLeft', 'examplesPerSecond']);

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Ids in the order they come up, figures of 4 digits, and one time for all. @param folder recorded as `/data` */
export function normaliser(folder: string): (value: unknown) => unknown {
  const ids = new Map<string, string>();
  const text = (value: string): string =>
    value
      .replaceAll(folder, '/data')
      .replaceAll(uuid, (id) => {
        const known = ids.get(id) ?? `id-${ids.size + 1}`;
        ids.set(id, known);
        return known;
      })
      .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, '2026-11-20 14:32:00')
      .replace(/, \d+\.\d\d s$/, ', 2.00 s')
      .replace(/\(wasm \w+, SIMD \w+\), threads: \d+/, '(wasm 1, SIMD plain), threads: 2');
  const even = (value: unknown, key = ''): unknown => {
    // Of a sweep, which comes to its end.
    if (key === 'stage' && (value === 'done' || value === 'tuning' || value === 'final')) return value;
    if (chance.has(key) || (key in fixed && (typeof value === 'number' || typeof value === 'string')))
      return fixed[key];
    if (key === 'text' && typeof value === 'string' && value.startsWith('{'))
      return JSON.stringify(even(JSON.parse(value)), null, 2);
    if (typeof value === 'string') return text(value);
    // Progress is told now and then: how far a job was told to be at last is chance.
    if (key === 'done' && typeof value === 'number' && !Number.isInteger(value)) return 1;
    if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(4));
    if (Array.isArray(value)) {
      const kept =
        key === 'pairs' ? value.filter((pair: { metric: string }) => pairsOf.has(pair.metric)) : value;
      return kept.slice(0, most[key]).map((entry) => even(entry));
    }
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, inner]) => [text(name), even(inner, name)]);
    return Object.fromEntries([
      ...fields,
      ...('createdAt' in value && 'number' in value && 'fingerprint' in value ? spread(value) : []),
    ]);
  };
  return (value) => even(value);
}

/** Runs begin a minute apart, and take the longer the later they were asked for: charts over time have what to show. */
function spread({ number, finishedAt }: { number?: unknown; finishedAt?: unknown }): [string, unknown][] {
  const began = BEGAN + Number(number) * 60_000;
  return [
    ['createdAt', began],
    ['startedAt', began],
    ['finishedAt', finishedAt === null ? null : began + 30_000],
    ['seconds', { train: Number(number) / 2, evaluate: 0.2 }],
  ];
}

/** JSON with a line for each object that lies in an array, so that a change shows in few lines. */
export function linesOf(value: unknown): string {
  const short = JSON.stringify(value);
  if (short.length < 160 || typeof value !== 'object' || value === null) return short;
  const inner = Array.isArray(value)
    ? value.map(linesOf)
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${linesOf(each)}`);
  const numbers = Array.isArray(value) && value.every((each) => typeof each === 'number');
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return numbers ? short : `${open}\n${inner.join(',\n')}\n${close}`;
}

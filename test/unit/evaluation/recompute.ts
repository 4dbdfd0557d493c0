/**
 * What an outside script does: reads the exported files and computes the reported metrics again. Shares no code with
 * the product; ties by the formulas of the definitions, not by enumeration.
 */
type Row = Record<string, string>;

export function readCsv(lines: Iterable<string>): Row[] {
  const [header, ...rest] = [...lines].map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
      .slice(0, -1)
      .map((m) => (m[1].startsWith('"') ? m[1].slice(1, -1).replaceAll('""', '"') : m[1])),
  );
  return rest.map((row) => Object.fromEntries(header.map((name, k) => [name, row[k]])));
}

const byUser = (rows: Row[]): Map<string, Row[]> => Map.groupBy(rows, (row) => row.user);
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Over users for whom a value is defined: AUC is not where every candidate is a test item. */
const meanOfDefined = (values: number[]): number => mean(values.filter((value) => !Number.isNaN(value)));
/** Ratings and predictions are float32: nine digits give the same bits back. */
const float32 = (text: string): number => Math.fround(Number(text));

/** Probability that `draws` of `size` places hold no one of `marked`. */
function chanceOfNone(size: number, marked: number, draws: number): number {
  let chance = 1;
  for (let d = 0; d < draws; d++) chance *= Math.max(0, size - marked - d) / (size - d);
  return chance;
}

/** Ranking metrics from the ranks file: places one by one, the chance of a hit at each. */
export function metricsFromRanks(rows: Row[], cuts: number[]): Record<string, number> {
  const users: Record<string, number>[] = [];
  for (const own of byUser(rows).values()) {
    const T = own.length;
    const C = Number(own[0].candidates);
    const groups = [...Map.groupBy(own, (row) => Number(row.above)).entries()].sort((a, b) => a[0] - b[0]);
    const places: { place: number; hit: number; before: number; first: number }[] = [];
    let passed = 0;
    let auc = 0;
    for (const [above, tied] of groups) {
      const size = Number(tied[0].equal) + 1;
      for (let s = 1; s <= size; s++) {
        const hit = tied.length / size;
        const first =
          passed > 0 ? 0 : chanceOfNone(size, tied.length, s - 1) - chanceOfNone(size, tied.length, s);
        const before = passed + (size > 1 ? ((s - 1) * (tied.length - 1)) / (size - 1) : 0);
        places.push({ place: above + s, hit, before, first });
      }
      auc += tied.length * (C - T - (above - passed) - (size - tied.length) / 2);
      passed += tied.length;
    }
    const values: Record<string, number> = { auc: auc / (T * (C - T)) };
    const precision = (top: typeof places): number =>
      top.reduce((sum, p) => sum + (p.hit * (1 + p.before)) / p.place, 0);
    for (const k of cuts) {
      const top = places.filter((p) => p.place <= k);
      const hits = top.reduce((sum, p) => sum + p.hit, 0);
      let ideal = 0;
      for (let p = 1; p <= Math.min(k, T); p++) ideal += 1 / Math.log2(p + 1);
      values[`hr@${k}`] = top.reduce((sum, p) => sum + p.first, 0);
      values[`recall@${k}`] = hits / T;
      values[`precision@${k}`] = hits / k;
      values[`ndcg@${k}`] = top.reduce((sum, p) => sum + p.hit / Math.log2(p.place + 1), 0) / ideal;
      values[`mrr@${k}`] = top.reduce((sum, p) => sum + p.first / p.place, 0);
      values[`map@${k}`] = precision(top) / Math.min(k, T);
    }
    values.map = precision(places) / T;
    values.tieRate = mean(own.map((row) => (Number(row.equal) > 0 ? 1 : 0)));
    users.push(values);
  }
  return Object.fromEntries(
    Object.keys(users[0]).map((name) => [name, meanOfDefined(users.map((u) => u[name]))]),
  );
}

/** List metrics from lists, items and split. */
export function metricsFromLists(
  lists: Row[],
  items: Row[],
  split: Row[],
  k: number,
): Record<string, number> {
  const counts = new Map(items.map((row) => [row.item, Number(row.trainCount)]));
  const trainUsers = new Set(split.filter((row) => row.part === 'train').map((row) => row.user)).size;
  const genres = new Map(items.map((row) => [row.item, row.genres ? row.genres.split('|') : []]));
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  const typical = [...counts.values()].reduce((a, b) => a + b * b, 0) / total;
  const shown = new Map(items.map((row) => [row.item, 0]));
  const [lift, novelty, diversity]: number[][] = [[], [], []];
  for (const own of byUser(lists).values()) {
    const top = own.filter((row) => Number(row.rank) <= k).map((row) => row.item);
    top.forEach((item) => shown.set(item, (shown.get(item) as number) + 1));
    const of = (item: string): number => counts.get(item) as number;
    lift.push(mean(top.map(of)) / typical);
    novelty.push(mean(top.map((item) => -Math.log2(Math.max(1, of(item)) / trainUsers))));
    const pairs: number[] = [];
    top.forEach((a, i) =>
      top.slice(i + 1).forEach((b) => {
        const [x, y] = [genres.get(a) as string[], genres.get(b) as string[]];
        if (x.length && y.length)
          pairs.push(1 - x.filter((g) => y.includes(g)).length / Math.sqrt(x.length * y.length));
      }),
    );
    if (pairs.length) diversity.push(mean(pairs));
  }
  const sorted = [...shown.values()].sort((a, b) => a - b);
  const sum = sorted.reduce((a, b) => a + b, 0);
  const weighted = sorted.reduce((a, x, i) => a + (2 * (i + 1) - sorted.length - 1) * x, 0);
  return {
    [`coverage@${k}`]: sorted.filter((n) => n > 0).length / items.length,
    [`gini@${k}`]: weighted / (sorted.length * sum),
    [`popularityLift@${k}`]: mean(lift),
    [`novelty@${k}`]: mean(novelty),
    [`diversity@${k}`]: mean(diversity),
  };
}

/** Errors from the predictions and the scale of the split file. */
export function metricsFromPredictions(rows: Row[], split: Row[]): Record<string, number> {
  const scale = split.map((row) => float32(row.rating));
  const [low, high] = scale.reduce(([a, b], r) => [Math.min(a, r), Math.max(b, r)], [Infinity, -Infinity]);
  const errors = rows.map((row) => float32(row.prediction) - float32(row.rating));
  const clipped = rows.map(
    (row) => Math.min(high, Math.max(low, float32(row.prediction))) - float32(row.rating),
  );
  return {
    rmse: Math.sqrt(mean(errors.map((e) => e * e))),
    rmseClipped: Math.sqrt(mean(clipped.map((e) => e * e))),
    mae: mean(errors.map(Math.abs)),
    maeClipped: mean(clipped.map(Math.abs)),
  };
}

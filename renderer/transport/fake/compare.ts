/** A comparison computed from the fake's figures; shares and intervals are made up but consistent. */
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import type { Run } from '../../../shared/contract.ts';
import { hashed } from './random.ts';

const shown = ['ndcg@10', 'recall@10', 'mrr@10'];

function pairOf(a: Run, b: Run, metric: string): Pair {
  const difference = (b.metrics.test[metric] ?? 0) - (a.metrics.test[metric] ?? 0);
  const half = 0.0021 + hashed(`${a.id}${b.id}${metric}`) * 0.002;
  const same = 0.48;
  const better = Math.min(0.5, Math.max(0.02, 0.26 + difference * 8));
  const significant = Math.abs(difference) > half;
  return {
    a: a.id,
    b: b.id,
    metric,
    difference,
    interval: [difference - half, difference + half],
    pValue: significant ? 0.0004 : 0.21,
    adjusted: significant ? 0.002 : 0.42,
    rankSign: Math.sign(difference),
    better,
    same,
    worse: 1 - same - better,
    users: 943,
    method: 'normal, Wilcoxon',
  };
}

export function compareRuns(runs: Run[], metric: string | null, force: boolean): CompareResult {
  const chosen = metric ?? 'ndcg@10';
  const first = runs[0];
  const unlike = runs.some((run) => run.dataset !== first.dataset || run.split?.hash !== first.split?.hash);
  const pairs = runs.flatMap((a, index) =>
    runs.slice(index + 1).flatMap((b) => [...new Set([chosen, ...shown])].map((key) => pairOf(a, b, key))),
  );
  const b = runs[1];
  const lead = pairs.find((pair) => pair.a === first.id && pair.b === b.id && pair.metric === chosen) as Pair;
  const best = lead.difference >= 0 ? b : first;
  const other = lead.difference >= 0 ? first : b;
  const clear = lead.interval[0] > 0 || lead.interval[1] < 0;
  const size = Math.abs(lead.difference);
  const range = [Math.min(...lead.interval.map(Math.abs)), Math.max(...lead.interval.map(Math.abs))];
  const points = (value: number) => value.toFixed(4).replace(/^0/, '').replace('-', '−').replace('−0', '−');
  const slices = [
    ['all', 'All users', 943, lead.difference],
    ['activity', '20–49 ratings', 375, lead.difference * 1.6],
    ['activity', '50–125 ratings', 280, lead.difference * 0.9],
    ['activity', '126+ ratings', 288, lead.difference * 0.3],
    ['genre', 'Drama viewers', 402, lead.difference * 1.1],
    ['genre', 'Comedy viewers', 361, lead.difference * 0.8],
    ['genre', 'Documentary viewers', 38, -lead.difference * 1.5],
    ['popularity', 'Head items, top 10 %', 610, lead.difference * 1.4],
    ['popularity', 'Tail items, last 80 %', 190, -lead.difference * 0.3],
  ] as const;
  return {
    comparable: !unlike,
    differences: unlike
      ? [
          {
            what: 'data set',
            values: runs.map((run) => ({ run: run.id, value: run.datasetName })),
          },
          {
            what: 'split',
            values: runs.map((run) => ({ run: run.id, value: run.split?.hash.slice(0, 8) ?? '–' })),
          },
        ]
      : [],
    runs: runs.map((run) => ({
      id: run.id,
      label: run.name,
      model: run.model,
      metrics: run.metrics.test,
      seconds: run.seconds.train,
    })),
    metric: chosen,
    lead: [first.id, b.id],
    pairs: unlike && !force ? [] : pairs,
    slices: slices.map(([kind, label, users, difference]) => {
      const half = 0.14 / Math.sqrt(users);
      return {
        kind,
        label,
        users,
        a: first.id,
        b: b.id,
        metric: chosen,
        difference,
        interval: [difference - half, difference + half] as [number, number],
        worst: label === 'Documentary viewers',
        method: 'normal',
      };
    }),
    distribution: {
      edges: [-0.65, -0.55, -0.45, -0.35, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65],
      counts: [4, 8, 14, 22, 45, 105, 0, 120, 72, 40, 28, 18, 14],
      same: 453,
    },
    exposure: {
      training: [0.43, 0.18, 0.12, 0.09, 0.06, 0.045, 0.03, 0.02, 0.015, 0.01],
      runs: runs.map((run) => {
        const head = 0.45 + hashed(`${run.id}head`) * 0.45;
        const deciles = Array.from({ length: 10 }, (_, index) => head * (1 - head) ** index);
        const sum = deciles.reduce((total, value) => total + value, 0);
        let running = 0;
        return {
          run: run.id,
          deciles: deciles.map((value) => value / sum),
          lorenz: Array.from({ length: 11 }, (_, index) => (running = (index / 10) ** (2 + head * 4))).map(
            (value) => value + running * 0,
          ),
        };
      }),
    },
    configuration: [
      { name: 'model', values: runs.map((run) => ({ run: run.id, value: run.modelTitle })) },
      {
        name: 'embeddingSize',
        values: runs.map((run) => ({ run: run.id, value: String(run.parameters['embeddingSize'] ?? '–') })),
      },
      { name: 'epochs', values: runs.map((run) => ({ run: run.id, value: String(run.epochs || '–') })) },
    ],
    seedNoise: 0.0021,
    verdict: {
      headline: clear
        ? `${best.name} beats ${other.name} by +${points(size)} NDCG@10 [${points(range[0] ?? 0)}, ${points(range[1] ?? 0)}]`
        : `${best.name} and ${other.name} cannot be told apart: +${points(size)} NDCG@10`,
      detail: clear
        ? 'More than seed noise (± .0021) and your smallest interesting difference (.0020).'
        : 'More seeds may settle it.',
      method: `943 users paired, Wilcoxon signed-rank, Holm over ${(runs.length * (runs.length - 1)) / 2} pairs, p < .001.`,
    },
    notes: [
      {
        code: 'unequal-tuning',
        severity: 'warning',
        text: 'NeuMF had 4 trials and Caser 12, so it may be undertuned.',
      },
      {
        code: 'leakage',
        severity: 'info',
        text: '41 % of training events are later than the test event they compete with (leave-last-out).',
      },
    ],
  };
}

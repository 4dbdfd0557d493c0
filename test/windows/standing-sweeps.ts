/** The sweeps that the stand-in begins with: those recorded, and one of as many trials as are wanted. */
import type { Result } from '../../shared/contract.ts';
import type { SweepDetail, SweepEntry, SweepTrial } from '../../shared/sweeps.ts';
import { answered } from './recordings.ts';

const space: SweepEntry['space'] = [
  { kind: 'number', name: 'embeddingSize', low: 8, high: 128, scale: 'log', integer: true },
  { kind: 'number', name: 'learningRate', low: 0.001, high: 0.3, scale: 'log', integer: false },
  { kind: 'number', name: 'regularization', low: 1e-5, high: 0.1, scale: 'log', integer: false },
  { kind: 'choice', name: 'loss', values: ['bpr', 'hinge'] },
  {
    ...{ kind: 'number', name: 'margin', low: 0.1, high: 10, scale: 'log', integer: false },
    when: { name: 'loss', values: ['hinge'] },
  } as const,
];
const rungs = [4, 10, 30];

/** Equally spread over [0, 1), and the same each time. */
const spread = (k: number, step: number): number => (((k + 1) * step) % 1000) / 1000;

function trialOf(index: number, total: number, running: boolean): SweepTrial {
  const [a, b, c] = [spread(index, 619), spread(index, 383), spread(index, 797)];
  const learningRate = 0.001 * 300 ** b;
  const hinge = index % 3 === 0;
  const parameters = {
    embeddingSize: Math.round(8 * 16 ** a),
    learningRate: Number(learningRate.toPrecision(4)),
    regularization: Number((1e-5 * 1e4 ** c).toPrecision(4)),
    loss: hinge ? 'hinge' : 'bpr',
    ...(hinge ? { margin: Number((0.1 * 100 ** spread(index, 271)).toPrecision(3)) } : {}),
  };
  const quality =
    0.13 - 0.05 * (b - 0.62) ** 2 * 4 + 0.02 * a - (hinge ? 0.012 : 0) + 0.004 * spread(index, 157);
  const reached = quality > 0.142 ? 3 : quality > 0.125 ? 2 : 1;
  const last = running && index >= total - 2;
  const figures = rungs
    .slice(0, last ? 0 : reached)
    .map((_, rung) => Number((quality - 0.02 / (rung + 1)).toFixed(5)));
  return {
    index,
    run: `trial-${index}`,
    runs: [`trial-${index}`],
    parameters,
    status: last ? 'running' : reached === 3 ? 'finished' : 'stopped',
    epochs: last ? 2 : rungs[reached - 1],
    validation: figures.at(-1) ?? null,
    rungs: figures,
    seconds: (last ? 1 : reached * 2.4) + a,
  };
}

/** A search of BPR by ASHA + TPE on the recorded data set. */
export function sweepOf(total: number, running: boolean): SweepDetail {
  const [recorded] = answered('sweeps.list');
  const detail = answered('sweeps.get', { sweep: recorded.id });
  const trials = Array.from({ length: total }, (_, index) => trialOf(index, total, running));
  const whole = trials.filter(({ rungs: figures }) => figures.length === rungs.length);
  const [best] = [...(whole.length > 0 ? whole : trials)].sort(
    (x, y) => (y.validation ?? 0) - (x.validation ?? 0),
  );
  return {
    ...detail,
    summary: {
      ...recorded,
      ...{ id: 'sweep-of-many', number: 9, name: 'BPR sweep', kind: 'sweep', models: ['bpr'], notes: [] },
      ...{ status: running ? 'running' : 'finished', stage: running ? 'tuning' : 'done' },
      ...{ budget: { minutes: null, trials: running ? total + 20 : total }, trials: total, seconds: 412 },
      ...(running ? { finishedAt: null } : {}),
    },
    config: { ...detail.config, model: 'bpr', parameters: { epochs: 30 } },
    final: null,
    entries: [
      {
        ...{ model: 'bpr', title: 'BPR', space, search: 'asha+tpe', rungs, trials, seconds: 400 },
        best: best?.validation
          ? { index: best.index, parameters: best.parameters, validation: best.validation }
          : null,
        importance:
          total < 8
            ? null
            : [
                { name: 'learningRate', share: 0.58 },
                { name: 'loss', share: 0.14 },
                { name: 'embeddingSize', share: 0.11 },
                { name: 'regularization', share: 0.03 },
                { name: 'margin', share: 0.01 },
              ],
      },
    ],
  };
}

/** All that are there, with one of `total` trials last where any are wanted. */
export function standingSweeps(total: number, running: boolean): Map<string, SweepDetail> {
  const recorded = answered('sweeps.list').map(({ id }): Result<'sweeps.get'> =>
    answered('sweeps.get', { sweep: id }),
  );
  const all = total > 0 ? [...recorded, sweepOf(total, running)] : recorded;
  return new Map(all.map((detail) => [detail.summary.id, detail]));
}

/** A tournament before its end, with minutes as its budget: it tells nothing of its test. */
export function stillTuning({ summary, ...detail }: SweepDetail): SweepDetail {
  return {
    ...detail,
    summary: {
      ...summary,
      ...{ status: 'running', stage: 'tuning', finishedAt: null, budget: { minutes: 2, trials: null } },
    },
    ...{ timeLeft: { tuning: 61, all: 92 }, tournament: null },
  };
}

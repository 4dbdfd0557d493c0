/** docs/fidelity.md from what was measured. */
import { schemaOf } from '../../main/model/parameters.ts';
import { findModel } from '../../main/models/registry.ts';
import { findPreset } from '../../main/models/presets.ts';
import type { OneResult } from './one.ts';
import type { Measured } from './run.ts';
import { rows, type Figure, type Row } from './rows.ts';

export function report(measured: Measured): string {
  const protocols = [...new Set(rows.map(({ protocol }) => protocol))];
  return [
    '# Fidelity: what each preset reaches, beside what was published',
    'Written by `npm run fidelity`, which trains every row on the data sets beside the project; nothing here is typed in. ' +
      'Ours is the mean ± standard deviation over values of `--seed` on one split (`--split-seed 1`). “Elsewhere” was ' +
      'measured with PyTorch or the peer named, on the same data and protocol. The bound is what a row has to reach. ' +
      'Presets of the book and those with given files train for fixed epochs; the others were stopped on ' +
      'validation and refitted on train + validation.',
    `Machine: ${measured.machine}. Times are of a machine that others may have used.`,
    ...protocols.flatMap((protocol) => [`## ${protocol}`, table(protocol, measured)]),
    ...defects(measured),
  ]
    .join('\n\n')
    .concat('\n');
}

const HEADER = [
  '| Row | Metric | Published | Elsewhere | Ours | Bound | Holds | Epochs | Training, s | Engine | Table updates |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];

function table(protocol: string, measured: Measured): string {
  const lines = rows
    .filter((row) => row.protocol === protocol)
    .flatMap((row) => row.figures.map((figure, k) => line(row, figure, k === 0, measured)));
  return [...HEADER, ...lines].join('\n');
}

function line(row: Row, figure: Figure, first: boolean, measured: Measured): string {
  const found = measured.rows[row.name];
  const published = [figure.published ?? '–', figure.elsewhere ?? '–'];
  const name = first ? `\`${row.preset ?? row.model ?? ''}\`` : '';
  if (!found)
    return cells([name, figure.metric, ...published, 'not measured', bound(figure), '–', '', '', '', '', '']);
  const all = found.results.flat();
  // Folds of one seed are averaged; the spread is over seeds.
  const values = found.results.map((folds) => mean(folds.map((one) => one.metrics[figure.metric])));
  const ours =
    values.length > 1
      ? `**${short(mean(values))}** ± ${short(deviation(values))}`
      : `**${short(mean(values))}**`;
  return cells([
    ...[
      name,
      figure.metric,
      ...published,
      `${ours} (${values.length} ${values.length === 1 ? 'seed' : 'seeds'})`,
    ],
    ...[bound(figure), holds(figure, mean(values))],
    ...(first ? facts(row, all) : ['', '', '', '']),
  ]);
}

function facts(row: Row, all: readonly OneResult[]): string[] {
  const epochs = [...new Set(all.map((one) => one.epochs))].sort((a, b) => a - b);
  return [
    epochs.join(', '),
    mean(all.map((one) => one.trainSeconds)).toFixed(1),
    all[0].engine,
    updatesOf(row),
  ];
}

/** `lazy` or `dense`, as configured. */
function updatesOf(row: Row): string {
  const preset = row.preset === undefined ? undefined : findPreset(row.preset);
  const model = findModel(preset?.model ?? row.model ?? '');
  const schema = model && schemaOf(model).find(({ name }) => name === 'updates');
  if (!schema) return '–';
  return String(row.parameters?.['updates'] ?? preset?.parameters['updates'] ?? schema.default);
}

function bound({ atLeast, atMost, about }: Figure): string {
  if (about) return `${short(about[0])} ± ${about[1]}`;
  if (atLeast !== undefined) return `≥ ${short(atLeast)}`;
  return atMost === undefined ? 'reported' : `≤ ${short(atMost)}`;
}

function holds({ atLeast, atMost, about }: Figure, value: number): string {
  if (about) return Math.abs(value - about[0]) <= about[1] ? 'yes' : '**no**';
  if (atLeast !== undefined) return value >= atLeast ? 'yes' : '**no**';
  return atMost === undefined ? '–' : value <= atMost ? 'yes' : '**no**';
}

function defects({ defects: bySeed, rows: results }: Measured): string[] {
  const seeds = Object.values(bySeed);
  const rmse = (name: string): string => {
    const found = results[name];
    return found ? short(mean(found.results.flat().map((one) => one.metrics['rmse']))) : 'not measured';
  };
  const parts = [
    '## Three things in the book’s chapter that its figures hide',
    '**1. MF and AutoRec are compared on different splits.** The book prints MF on the last rating of each user and ' +
      'AutoRec on a random tenth. On one split the gap is a fraction of it (RMSE):',
    [
      '| | random 90/10 | leave-last-out |',
      '|---|---|---|',
      `| MF | ${rmse('d2l-mf random')} | ${rmse('d2l-mf')} (the book’s choice) |`,
      `| AutoRec | ${rmse('d2l-autorec')} (the book’s choice) | ${rmse('d2l-autorec last')} |`,
    ].join('\n'),
  ];
  if (seeds.length === 0) return [...parts, '**2.** and **3.** not measured.'];
  const of = (loss: string, pick: (one: (typeof seeds)[number]['neumf'][number]) => number): string =>
    short(mean(seeds.flatMap(({ neumf }) => neumf.filter((one) => one.loss === loss).map(pick))));
  const row = (loss: string): string =>
    cells([
      loss,
      of(loss, (one) => one.finalLoss),
      of(loss, (one) => one.spread),
      of(loss, (one) => one.bookHit50),
      of(loss, (one) => one.bookAuc),
      of(loss, (one) => one.hit50),
      of(loss, (one) => one.auc),
    ]);
  const { unreachable, tests } = seeds[0];
  return [
    ...parts,
    '**2. NeuMF ends in a sigmoid, and the BPR loss is taken of its outputs.** The difference of two numbers in (0, 1) ' +
      'bounds the loss from below at .31 and its gradient vanishes: the scorer can collapse to a constant, and the book’s ' +
      'evaluator, which leaves ties in the order of ids, gives a constant the figures that the book prints (.075 / .531). ' +
      'The same network, optimizer and data, trained here with both:',
    [
      '| BPR loss | Last loss | Spread of a user’s scores | Hit@50, book’s evaluator | AUC, book’s evaluator | Hit@50, all items, ties by expectation | AUC |',
      '|---|---|---|---|---|---|---|',
      row('of sigmoids (book)'),
      row('of logits'),
    ].join('\n'),
    `**3. It ranks \`num_users\` (943) ids instead of all 1,682 items.** ${(100 * unreachable).toFixed(1)} % of the ` +
      `${tests} test items have an id beyond it and can never be hit.`,
  ];
}

function cells(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`;
}

/** Four digits, without a leading zero. */
function short(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  return value.toFixed(4).replace(/^(-?)0\./, '$1.');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

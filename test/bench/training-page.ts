/** docs/performance.md from what was measured. */
import { median } from '../../main/training/measure.ts';
import { peerPage, yardstickText } from './peer-page.ts';
import { benchRows, type BenchRow } from './training-rows.ts';
import type { MeasuredRow, Performance } from './training.ts';

/** A figure may be this share worse than PyTorch's and still be as good: the noise of seeds and of other random draws. */
const NOISE = 0.02;

export function performancePage(measured: Performance): string {
  const withTorch = benchRows.some(({ name }) => (measured.rows[name]?.theirs.length ?? 0) > 0);
  const intro =
    'Written by `npm run bench`; nothing here is typed in. Examples a second = examples of an epoch ÷ median seconds of ' +
    'an epoch, shuffling and sampling of negatives in, evaluation out. The ratio is the median of the ratios of ' +
    'neighbouring runs.';
  const reference = withTorch
    ? `The reference is PyTorch ${measured.torch ?? ''} on the CPU (fused dense Adam, negatives of an epoch drawn at ` +
      'once, sparse AutoRec where it says so), same model, sizes and loss, runs alternating with ours. A row counts ' +
      `where its figure after the same number of epochs is no more than ${100 * NOISE} % worse.`
    : 'PyTorch was not at hand, so these are our own figures alone.';
  return `${[
    '# Performance: training and ranking',
    intro,
    reference,
    `Machine: ${measured.machine}; ${measured.threads} threads.`,
    [...header, ...benchRows.map((row) => line(row, measured.rows[row.name]))].join('\n'),
    ...peerPage(measured),
  ].join('\n\n')}\n`;
}

const header = [
  '| Work | Unit | Ours, M/s | PyTorch, M/s | Ratio | At least | Runs | Figure after the same epochs: ours, PyTorch | Peak, MB: ours, PyTorch | Ours by | Yardstick |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];

function line(row: BenchRow, found: MeasuredRow | undefined): string {
  const cells = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
  if (!found)
    return cells([row.title, row.unit, 'not measured', '', '', `${row.atLeast} ×`, '', '', '', '', '']);
  const { ours, theirs } = found;
  const ratios = theirs.map((one, k) => ours[k].examplesPerSecond / one.examplesPerSecond);
  const ratio = theirs.length === 0 ? '–' : `**${median(ratios).toFixed(2)} ×** [${range(ratios)}]`;
  return cells([
    row.title,
    row.unit,
    millions(ours),
    theirs.length === 0 ? '–' : millions(theirs),
    ratio,
    `${row.atLeast} ×`,
    String(ours.length),
    quality(row, found),
    [ours, theirs]
      .map((runs) => (runs.length ? Math.max(...runs.map((one) => one.peakMemoryMb)).toFixed(0) : '–'))
      .join(', '),
    ours[0].engine,
    yardstickText(found.yardsticks ?? []),
  ]);
}

/** Median [least – most] in millions. */
function millions(runs: readonly { readonly examplesPerSecond: number }[]): string {
  const speeds = runs.map((one) => one.examplesPerSecond / 1e6);
  return `${median(speeds).toPrecision(3)} [${range(speeds)}]`;
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toPrecision(3)} – ${Math.max(...values).toPrecision(3)}`;
}

function quality(row: BenchRow, { ours, theirs }: MeasuredRow): string {
  if (!row.quality) return '–';
  const [a, b] = [ours, theirs].map((runs) => median(runs.map((one) => one.quality ?? Number.NaN)));
  if (theirs.length === 0) return `${row.quality.ours} ${a.toFixed(4)}`;
  const worse = row.quality.lower ? a > b * (1 + NOISE) : a < b * (1 - NOISE);
  return `${row.quality.ours} ${a.toFixed(4)}, ${b.toFixed(4)}${worse ? ': **worse, does not count**' : ''}`;
}

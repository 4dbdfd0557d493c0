/** The part of docs/performance.md about other libraries. */
import { median } from '../../main/training/measure.ts';
import { type PeerRow, peerRows } from './peer-rows.ts';
import type { MeasuredPeers, Performance } from './training.ts';
import type { OurRun } from './training-one.ts';
import type { PeerRun } from './peers.ts';
import type { Yardstick } from './yardstick.ts';

/** What a row compares: seconds, or 10⁶ examples a second. */
export function figureOf(row: PeerRow, run: OurRun | PeerRun): number {
  if (row.measure === 'rate') return run.examplesPerSecond / 1e6;
  return (row.measure === 'seconds' ? run.trainSeconds : run.secondsPerEpoch) ?? Number.NaN;
}

/** Ours ÷ the best peer's of the same alternation. */
function ratioOf(row: PeerRow, ours: OurRun, theirs: readonly PeerRun[]): number {
  const figures = theirs.map((one) => figureOf(row, one));
  const best = row.measure === 'rate' ? Math.max(...figures) : Math.min(...figures);
  return figureOf(row, ours) / best;
}

/** Medians of what the machine gave. */
export function yardstickText(measured: readonly Yardstick[]): string {
  if (measured.length === 0) return '–';
  const [triad, products] = (['triad', 'products'] as const).map((key) =>
    median(measured.map((one) => one[key])),
  );
  return `${triad.toPrecision(3)} GB/s, ${products.toPrecision(3)} GFLOP/s`;
}

export function peerPage({ peers = {} }: Performance): string[] {
  const intro =
    'Work that a user could give to either, each at its own settings: theirs are their defaults or what was found best, ' +
    'ours the preset, chosen on validation. Runs alternate; seconds are those of training as each reports it, seconds of ' +
    'an epoch a part of those. A run of ours counts where it reaches the figure. The yardstick is STREAM’s triad and ' +
    'products of matrices on as many threads, before each pair of runs.';
  const header = [
    '| Work | Ours | Theirs | Ours ÷ best of theirs | Bound | Runs | Figure: ours, theirs | Yardstick |',
    '|---|---|---|---|---|---|---|---|',
  ];
  return [
    '## Against other libraries',
    intro,
    [...header, ...peerRows.map((row) => line(row, peers[row.name]))].join('\n'),
  ];
}

function line(row: PeerRow, found: MeasuredPeers | undefined): string {
  const cells = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
  const bound = row.measure === 'rate' ? `≥ ${row.bound}` : `≤ ${row.bound}`;
  if (!found) return cells([row.title, 'not measured', '', '', bound, '', '', '']);
  const unit = row.measure === 'rate' ? 'M/s' : 's';
  const said = (runs: readonly (OurRun | PeerRun)[]): string => {
    const figures = runs.map((one) => figureOf(row, one));
    return `${median(figures).toPrecision(3)} ${unit} [${Math.min(...figures).toPrecision(3)} – ${Math.max(...figures).toPrecision(3)}]`;
  };
  const peers = row.peers.map(({ title }) => {
    const runs = found.theirs.flat().filter((one) => one.peer === title);
    return runs.length === 0 ? `${title} was not there` : `${title} ${said(runs)}`;
  });
  const paired = found.theirs.flatMap((theirs, k) =>
    theirs.length ? [ratioOf(row, found.ours[k], theirs)] : [],
  );
  const figures = [found.ours, found.theirs.flat()].map((runs) =>
    runs.length ? median(runs.map((one) => one.quality ?? Number.NaN)).toFixed(4) : '–',
  );
  const { reach, lower, ours: key } = row.figure;
  const missed = found.ours.some(
    ({ quality }) => quality === null || (lower ? quality > reach : quality < reach),
  );
  return cells([
    row.title,
    said(found.ours),
    peers.join('; '),
    paired.length ? `**${median(paired).toFixed(2)}**` : '–',
    bound,
    String(found.ours.length),
    `${key} ${figures.join(', ')}${missed ? ': **not reached, does not count**' : ''}`,
    yardstickText(found.yardsticks),
  ]);
}

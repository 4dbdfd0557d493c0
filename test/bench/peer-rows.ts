/** What is measured against other libraries: work that a user would give to either, not the same steps. */
import type { ParameterValue } from '../../shared/config.ts';

export interface Peer {
  /** As it is called, and as Python imports it. */
  readonly title: string;
  readonly module: string;
  readonly script: string;
  readonly arguments: readonly string[];
}

export interface PeerRow {
  readonly name: string;
  readonly title: string;
  readonly preset: string;
  readonly epochs: number;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly peers: readonly Peer[];
  /** Seconds of the whole training, seconds of an epoch, or examples a second. */
  readonly measure: 'seconds' | 'epoch' | 'rate';
  /** Ours ÷ theirs is at most this (seconds), or at least (rate: of the best peer). */
  readonly bound: number;
  /** The figure that ours has to reach, or the run does not count: our key, theirs, which way it goes. */
  readonly figure: {
    readonly ours: string;
    readonly theirs: string;
    readonly reach: number;
    readonly lower: boolean;
  };
}

const hr50 = { ours: 'hr@50', theirs: 'hr50', lower: false };
const implicit = { title: 'implicit', module: 'implicit', script: 'peer_implicit.py' };
const cornac = { title: 'Cornac', module: 'cornac', script: 'peer_cornac.py' };
const bpr = ['--model', 'bpr'];

/** Their epochs, rates and decays are those with which they were found to do best, or their own. */
export const peerRows: readonly PeerRow[] = [
  {
    ...{ name: 'mf-to-figure', title: 'MF, ML-1M 90/10, k=64: to RMSE .8446', preset: 'mf-ml1m', epochs: 14 },
    peers: [{ ...cornac, arguments: ['--model', 'mf', '--task', 'random', '--epochs', '20'] }],
    ...{ measure: 'seconds', bound: 1, figure: { ours: 'rmse', theirs: 'rmse', reach: 0.8446, lower: true } },
  },
  {
    ...{ name: 'bpr-to-figure', title: 'BPR, ML-1M, k=64: to HR@50 .230', preset: 'bpr-ml1m', epochs: 6 },
    peers: [{ ...implicit, arguments: [...bpr, '--epochs', '100'] }],
    ...{ measure: 'seconds', bound: 0.5, figure: { ...hr50, reach: 0.23 } },
  },
  {
    ...{ name: 'bpr-rate', title: 'BPR, ML-1M, k=64: triples a second', preset: 'bpr-ml1m', epochs: 20 },
    peers: [
      { ...implicit, arguments: [...bpr, '--epochs', '20'] },
      { ...cornac, arguments: [...bpr, '--epochs', '20', '--task', 'last'] },
    ],
    ...{ measure: 'rate', bound: 2, figure: { ...hr50, reach: 0.23 } },
  },
  {
    ...{ name: 'ials-epoch', title: 'iALS, ML-1M, k=64: an epoch', preset: 'ials-ml1m', epochs: 10 },
    parameters: { embeddingSize: 64 },
    peers: [{ ...implicit, arguments: ['--model', 'als', '--epochs', '10'] }],
    ...{ measure: 'epoch', bound: 1, figure: { ...hr50, reach: 0.304 } },
  },
];

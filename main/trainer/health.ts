import type { Parameters } from '../../shared/config.ts';
import { WorkbenchError } from '../errors.ts';

/** A loss this many times the first epoch's is lost for good: what it would need is another run. */
const EXPLODED = 100;

/**
 * Stops a run whose loss is not finite or has exploded.
 * @throws WorkbenchError `loss-exploded` with the cause and a mend
 */
export function checkLoss(epoch: number, loss: number, firstLoss: number, parameters: Parameters): void {
  const exploded = Number.isFinite(loss) && Math.abs(loss) > EXPLODED * Math.max(Math.abs(firstLoss), 1e-3);
  if (Number.isFinite(loss) && !exploded) return;
  const what = exploded
    ? `grew to ${loss.toPrecision(3)}, over ${EXPLODED} times that of the first epoch, in epoch ${epoch}`
    : `became ${Number.isNaN(loss) ? 'not a number' : 'infinite'} in epoch ${epoch}`;
  throw new WorkbenchError('loss-exploded', `Loss ${what}.`, mend(parameters));
}

function mend(parameters: Parameters): string {
  const rate = parameters['learningRate'];
  if (typeof rate !== 'number') return 'Clone with a higher regularization.';
  return `Clone with learning rate ${plain(rate / 4)}.`;
}

/** Two significant digits, without an exponent or a leading zero: .0005. */
function plain(value: number): string {
  const digits = Math.max(0, 1 - Math.floor(Math.log10(value)));
  return value
    .toFixed(Math.min(20, digits))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/^0\./, '.');
}

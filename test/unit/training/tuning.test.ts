/** Trials of a search: validation alone, in parts that add up to the whole. */
import { describe, expect, it } from 'vitest';
import type { ModelState } from '../../../main/numeric/state.ts';
import { tuneTrial } from '../../../main/training/loop.ts';
import type { TuningResult } from '../../../main/training/trial.ts';
import { toyServices, toyTrial } from './toy.ts';

const config = { parameters: { epochs: 9, patience: 0 } };
const falling = [9, 8, 7, 6, 5, 4, 3, 2, 1];

/** Trains to an epoch, from a checkpoint where there is one. */
async function tune(
  until: number | null,
  { checkpoint, script }: { checkpoint?: ModelState | null; script: readonly number[] },
): Promise<{ result: TuningResult; checkpoint: ModelState | null; parts: string[] }> {
  const services = toyServices([...script]);
  let stored: ModelState | null = null;
  const trial = { ...toyTrial({ config }), checkpoint: checkpoint ?? null, checkpointSeconds: 1000 };
  const result = await tuneTrial(
    trial,
    until,
    {
      checkpoint: (arrays) =>
        (stored = Object.fromEntries(
          [...arrays].map(([name, array]) => [name, array.slice()]),
        ) as ModelState),
    },
    services,
  );
  return { result, checkpoint: stored, parts: services.requests.map(({ part }) => part) };
}

describe('a trial of a search', () => {
  it('looks at the validation part alone', async () => {
    const { parts, result } = await tune(null, { script: falling });
    expect(new Set(parts)).toEqual(new Set(['validation']));
    expect(result).toMatchObject({ stopped: 'epochs', bestEpoch: 9 });
    expect(result).not.toHaveProperty('weights');
  });

  it('waits after the epoch that was asked for, and goes on from there to the same bits', async () => {
    const first = await tune(3, { script: falling });
    expect(first.result).toMatchObject({ stopped: 'rung', bestEpoch: 3 });
    expect(first.checkpoint).not.toBeNull();
    const second = await tune(9, { checkpoint: first.checkpoint, script: falling.slice(3) });
    expect(second.parts).toHaveLength(6);
    const whole = await tune(null, { script: falling });
    const loss = ({ epochs }: TuningResult) => epochs.map((epoch) => [epoch.loss, epoch.validation]);
    expect(loss(second.result)).toEqual(loss(whole.result));
  });

  it('has no figure where nothing is left for validation', async () => {
    const trial = toyTrial({ config, validation: 'none' });
    await expect(tuneTrial(trial, 3, {}, toyServices([]))).rejects.toThrow('no row of this split');
  });
});

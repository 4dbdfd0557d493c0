/** What a tournament would do, in words. */
import { clock, duration, plural } from '../lib/format.ts';
import { FEWEST_FOR_ASHA, tuningSeconds } from '../../shared/tournament.ts';

export interface PlanFacts {
  readonly budget: { readonly minutes: number | null; readonly trials: number | null };
  /** Seconds of a run of each model that takes part; null where they cannot be told. */
  readonly seconds: readonly (number | null)[];
  readonly finalSeeds: number;
  /** Runs at once. */
  readonly slots: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A run at the end chooses its epochs on validation once more and is then trained on both parts: two trainings. */
const TRAININGS = 2;

/** Sentences: what each model gets, what happens at the end, when it is over. */
export function planWords({ budget, seconds, finalSeeds, slots, now }: PlanFacts): string[] {
  const each = seconds.length === 1 ? 'The one model' : `Each of ${seconds.length} models`;
  const end = `Then the best of each is trained with ${plural(finalSeeds, 'seed')} and tested once.`;
  const known = seconds.map((one) => one ?? 0);
  const ends = known.flatMap((one) => Array.from({ length: finalSeeds }, () => TRAININGS * one));
  if (budget.minutes !== null) {
    const all = budget.minutes * 60;
    const tuning = tuningSeconds(all, ends, slots);
    const share = (tuning * slots) / Math.max(1, seconds.length);
    const over = ends.reduce((sum, one) => sum + one, 0) / slots > all - tuning;
    return [
      `${each} gets about ${duration(share)} of tuning${slots > 1 ? `, ${slots} runs at once` : ''}.`,
      end,
      ...(over
        ? ['By prediction not every seed of the end fits in: those that do not are left out and named.']
        : []),
      `It ends by ${clock(now + all * 1000)}, whatever comes.`,
    ];
  }
  const trials = budget.trials ?? 0;
  const most = (trials * known.reduce((sum, one) => sum + one, 0)) / slots;
  const total = most + ends.reduce((sum, one) => sum + one, 0) / slots;
  const unknown = seconds.filter((one) => one === null).length;
  return [
    `${each} gets ${plural(trials, 'trial')}${trials < FEWEST_FOR_ASHA ? '' : '; weak ones end early'}. One without anything to tune has one.`,
    end,
    `At most about ${duration(total)} by prediction${unknown > 0 ? `, ${plural(unknown, 'model')} not counted` : ''}. The same seed gives the same bits.`,
  ];
}

import type { TrialProgress } from '../../training/trial.ts';

/** Examples a second and seconds left of a training, from its progress so far. */
export class Pace {
  #began: number | null = null;
  #startAt = 0;
  #examples = 0;

  after({ epoch, epochs, done, total }: TrialProgress): { rate: number | null; secondsLeft: number | null } {
    const now = performance.now();
    const all = (epoch - 1) * total + done;
    if (this.#began === null) {
      this.#began = now;
      this.#startAt = all;
    }
    this.#examples = all - this.#startAt;
    const seconds = (now - this.#began) / 1000;
    if (seconds < 0.2 || this.#examples <= 0) return { rate: null, secondsLeft: null };
    const rate = this.#examples / seconds;
    return { rate, secondsLeft: Math.max(0, epochs * total - all) / rate };
  }
}

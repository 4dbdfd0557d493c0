/**
 * Which is faster here: several runs at once with a share of the threads each, or one after the other with all of them.
 * Memory decides it as much as cores do, so it is measured on the runs themselves, for each model and data set.
 */

/** What was measured of one way: work done by the machine while its runs trained, and the seconds that they took. */
interface Way {
  operations: number;
  seconds: number;
}

interface Kind {
  readonly title: string;
  readonly together: Way;
  readonly alone: Way;
}

/** One way has to be this much faster before the other, which was asked for, is left. */
const MARGIN = 1.05;
/** A run is tried alone only where so many more wait that it can pay off. */
const WORTH_TRYING = 3;

export class SideBySide {
  readonly #kinds = new Map<string, Kind>();
  #last: string | null = null;

  /**
   * A run has ended.
   * @param title of its model and data set, as people read it: runs of one title are one kind
   * @param operations that it did
   * @param seconds from its beginning to its end, with the start of its process
   * @param atOnce runs that trained meanwhile, itself included, on average over its time
   * @param most runs that were allowed at once
   */
  ended(title: string, operations: number, seconds: number, atOnce: number, most: number): void {
    if (most < 2 || seconds <= 0) return;
    const kind = this.#kinds.get(title) ?? { title, together: nothing(), alone: nothing() };
    this.#kinds.set(title, kind);
    // A run that had company for half of its time tells of neither way.
    if (atOnce > most - 0.25) add(kind.together, atOnce * operations, seconds);
    else if (atOnce < 1.1) add(kind.alone, operations, seconds);
  }

  /**
   * How many runs of a kind train at once: as many as are allowed, or one.
   * @param waiting runs of this kind that wait
   */
  choose(title: string, most: number, waiting: number): number {
    if (most < 2) return most;
    const gain = this.#gain(title);
    this.#last = title;
    if (gain !== null) return gain * MARGIN < 1 ? 1 : most;
    const kind = this.#kinds.get(title);
    return kind && kind.together.seconds > 0 && waiting >= WORTH_TRYING ? 1 : most;
  }

  /** What was measured of the kind that was chosen for last, in words; null: nothing yet. */
  say(): string | null {
    const gain = this.#last === null ? null : this.#gain(this.#last);
    if (gain === null) return null;
    const chosen = gain * MARGIN < 1 ? 'so one trains at a time, with all threads' : 'so they train at once';
    return `${this.#last}: runs at once do ${gain.toFixed(1)} × the work of one after the other, ${chosen}.`;
  }

  /** Work in a second of runs at once, as a multiple of one after the other with all threads. */
  #gain(title: string): number | null {
    const kind = this.#kinds.get(title);
    if (!kind || kind.together.seconds === 0 || kind.alone.seconds === 0) return null;
    return rate(kind.together) / rate(kind.alone);
  }
}

const nothing = (): Way => ({ operations: 0, seconds: 0 });
const rate = ({ operations, seconds }: Way): number => operations / seconds;

function add(way: Way, operations: number, seconds: number): void {
  way.operations += operations;
  way.seconds += seconds;
}

/** Who trains beside whom, over time. */
export class Company {
  #runs = 0;
  #since = 0;
  /** Seconds of all runs together so far. */
  #sum = 0;

  /** A run begins. What is returned ends it: the seconds that it took, and how many trained meanwhile on average. @param now seconds */
  joins(now: () => number): () => { seconds: number; atOnce: number } {
    this.#change(1, now());
    const [began, sum] = [now(), this.#sum];
    return () => {
      this.#change(-1, now());
      const taken = now() - began;
      return { seconds: taken, atOnce: taken > 0 ? (this.#sum - sum) / taken : 0 };
    };
  }

  #change(by: 1 | -1, at: number): void {
    this.#sum += this.#runs * (at - this.#since);
    this.#since = at;
    this.#runs += by;
  }
}

import type { ErrorShape } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { isControl, type Channel, type Exit, type Forker, type ForkOptions, type Role } from './channel.ts';
import { Mailbox, Once } from './mailbox.ts';

export interface ManagedOptions extends ForkOptions {
  /** Milliseconds a child has to say that it is ready before it is killed and counts as crashed; 30,000. */
  readonly startWithin?: number;
  /** Milliseconds from the request to stop to `SIGTERM`, and again from there to `SIGKILL`; 5,000. */
  readonly grace?: number;
  /** How often a child that crashed is started again; 0: never (trainers, importers). */
  readonly restarts?: number;
  /** Milliseconds before the first restart; doubled with each crash in a row up to 10 s; 250. */
  readonly backOff?: number;
  /** Milliseconds a child must have lived for its crash to count as the first again; 60,000. */
  readonly healthyAfter?: number;
}

export interface End extends Exit {
  /**
   * Whether `stop` or `kill` asked for it. An end that nobody asked for is a crash unless the child said that its work
   * was done: the exit code is no evidence, for a utility process can report 0 after a crash.
   */
  readonly asked: boolean;
  /** What the child itself gave as the reason (`ParentChannel.fail`). */
  readonly error: ErrorShape | null;
}

const longestBackOff = 10_000;
/** Milliseconds that a child has to end which wants to be started again. */
const endsWithin = 60_000;
/** Among the words of a child that follows another one. */
export const restartedWord = '--restarted';

/**
 * Owns one child process, and is the only code that forks, stops, kills or restarts one. With `restarts` the child is
 * replaced when it crashes, behind the same object; `onEnd` is called once, when no child will follow.
 */
export class ManagedProcess {
  readonly #forker: Forker;
  readonly #role: Role;
  readonly #options: Required<Omit<ManagedOptions, 'env' | 'arguments'>> & ForkOptions;
  readonly #messages = new Mailbox<unknown>();
  readonly #readies: ((restarts: number) => void)[] = [];
  readonly #crashes: ((exit: Exit) => void)[] = [];
  readonly #ended = new Once<End>();
  #child: Channel | null = null;
  #failure: ErrorShape | null = null;
  #isReady = false;
  #again = false;
  #stopping = false;
  #restarts = 0;
  #crashesInARow = 0;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(forker: Forker, role: Role, options: ManagedOptions = {}) {
    this.#forker = forker;
    this.#role = role;
    this.#options = {
      startWithin: 30_000,
      grace: 5_000,
      restarts: 0,
      backOff: 250,
      healthyAfter: 60_000,
      ...options,
    };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The child runs and has said that it can take messages. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Forks the child. Once in the life of this object; returns it for chaining. */
  start(): this {
    if (this.#startedAt !== 0) throw new Error(`The ${this.#role} was started before.`);
    this.#spawn();
    return this;
  }

  /** Resolves when the child can take messages. @throws WorkbenchError where it ends for good before that */
  ready(): Promise<void> {
    if (this.#isReady) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#readies.push(() => resolve());
      this.#ended.listen((end) => reject(endedEarly(this.#role, end)));
    });
  }

  /** False where there is no child at the moment (ended, or between a crash and its restart). */
  post(message: unknown): boolean {
    this.#child?.post(message);
    return this.#child !== null;
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.listen(listener);
  }

  /** Each time a child becomes ready: `restarts` is 0 the first time. */
  onReady(listener: (restarts: number) => void): void {
    this.#readies.push(listener);
  }

  /** Each time a child ends by itself, before its restart if there is one: what it was asked is answered no more. */
  onCrash(listener: (exit: Exit) => void): void {
    this.#crashes.push(listener);
  }

  /** Called once, when the child has ended and none follows. */
  onEnd(listener: (end: End) => void): void {
    this.#ended.listen(listener);
  }

  /** Asks the child to end, then makes it: message, `SIGTERM` after the grace period, `SIGKILL` after another. */
  stop(grace: number = this.#options.grace): Promise<End> {
    if (!this.#stopping) {
      this.#stopping = true;
      clearTimeout(this.#timer);
      const child = this.#child;
      if (!child) {
        this.#ended.happen({ code: null, signal: null, asked: true, error: null });
      } else {
        child.post({ control: 'stop' });
        this.#timer = setTimeout(() => {
          child.kill('SIGTERM');
          this.#timer = setTimeout(() => child.kill('SIGKILL'), grace);
        }, grace);
      }
    }
    return this.#end();
  }

  /** Ends the child at once. */
  kill(): Promise<End> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    if (this.#child) this.#child.kill('SIGKILL');
    else this.#ended.happen({ code: null, signal: null, asked: true, error: null });
    return this.#end();
  }

  #end(): Promise<End> {
    return new Promise((resolve) => this.#ended.listen(resolve));
  }

  #spawn(): void {
    this.#startedAt = performance.now();
    const words = this.#options.arguments ?? [];
    const options = { ...this.#options, arguments: this.#restarts > 0 ? [...words, restartedWord] : words };
    const child = this.#forker.fork(this.#role, options);
    this.#child = child;
    this.#timer = setTimeout(() => child.kill('SIGKILL'), this.#options.startWithin);
    child.onMessage((message) => {
      if (isControl(message, 'ready')) this.#becomeReady();
      else if (isControl(message, 'again')) this.#endsForAnother(child);
      else if (isControl(message, 'failed')) this.#failure = message.error;
      else if (isControl(message, 'flush')) child.post({ control: 'flushed', flush: message.flush });
      else this.#messages.deliver(message);
    });
    child.onExit((exit) => this.#exited(exit));
  }

  #becomeReady(): void {
    if (this.#isReady) return;
    // A stop that was asked meanwhile has set its own timer.
    if (!this.#stopping) clearTimeout(this.#timer);
    this.#isReady = true;
    for (const listener of [...this.#readies]) listener(this.#restarts);
  }

  /** What is posted from now on waits for the next child. */
  #endsForAnother(child: Channel): void {
    if (this.#stopping) return;
    this.#again = true;
    this.#isReady = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => child.kill('SIGKILL'), endsWithin);
  }

  #exited(exit: Exit): void {
    clearTimeout(this.#timer);
    this.#child = null;
    this.#isReady = false;
    if (this.#stopping) {
      this.#ended.happen({ ...exit, asked: true, error: this.#failure });
      return;
    }
    if (this.#again) {
      this.#again = false;
      for (const listener of this.#crashes) listener(exit);
      this.#restarts++;
      this.#spawn();
      return;
    }
    const lived = performance.now() - this.#startedAt;
    this.#crashesInARow = lived >= this.#options.healthyAfter ? 1 : this.#crashesInARow + 1;
    for (const listener of this.#crashes) listener(exit);
    if (this.#failure || this.#crashesInARow > this.#options.restarts) {
      this.#ended.happen({ ...exit, asked: false, error: this.#failure });
      return;
    }
    const delay = Math.min(this.#options.backOff * 2 ** (this.#crashesInARow - 1), longestBackOff);
    this.#timer = setTimeout(() => {
      this.#restarts++;
      this.#spawn();
    }, delay);
  }
}

function endedEarly(role: Role, { code, signal, error }: End): WorkbenchError {
  if (error) return new WorkbenchError(error.code, error.message, error.hint, error.details);
  return new WorkbenchError(
    'process-ended',
    `The ${role} process ended before it was ready (${signal ?? `code ${code}`}).`,
    'Start the app again; if it happens again, its words say why: on stderr, or in logs/workbench.log of the data folder.',
  );
}

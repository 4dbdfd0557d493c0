/** Listeners of one kind of event; what is delivered before the first listener came is kept for it. */
export class Mailbox<T> {
  readonly #listeners: ((value: T) => void)[] = [];
  #kept: T[] = [];

  get isListenedTo(): boolean {
    return this.#listeners.length > 0;
  }

  listen(listener: (value: T) => void): void {
    this.#listeners.push(listener);
    const kept = this.#kept;
    this.#kept = [];
    for (const value of kept) listener(value);
  }

  deliver(value: T): void {
    if (this.#listeners.length === 0) this.#kept.push(value);
    for (const listener of this.#listeners) listener(value);
  }
}

/** An event that happens once: whoever listens later still hears of it. */
export class Once<T> {
  readonly #listeners: ((value: T) => void)[] = [];
  #happened: { readonly value: T } | null = null;

  get hasHappened(): boolean {
    return this.#happened !== null;
  }

  listen(listener: (value: T) => void): void {
    if (this.#happened) listener(this.#happened.value);
    else this.#listeners.push(listener);
  }

  /** Only the first call counts. */
  happen(value: T): void {
    if (this.#happened) return;
    this.#happened = { value };
    for (const listener of this.#listeners.splice(0)) listener(value);
  }
}

/** One-line messages at the bottom right, with Undo where there is a way back. Never for errors. */
export interface Toast {
  id: number;
  text: string;
  undo: (() => Promise<void> | void) | null;
  /** Called once where the toast goes without being undone. */
  gone?: (() => Promise<void> | void) | undefined;
}

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  /** Ways back, newest last: Ctrl+Z takes the last. */
  #undone: { id: number; undo: () => Promise<void> | void }[] = [];

  /** @param gone what is put off until the person has had the chance to undo it */
  show(text: string, undo: Toast['undo'] = null, gone?: Toast['gone']): void {
    const toast = { id: this.#next++, text, undo, gone };
    for (const old of this.list.slice(0, -3)) this.dismiss(old.id);
    this.list = [...this.list, toast];
    if (undo) this.#undone = [...this.#undone.slice(-30), { id: toast.id, undo }];
  }

  dismiss(id: number): void {
    const toast = this.list.find((one) => one.id === id);
    this.list = this.list.filter((one) => one !== toast);
    if (!toast?.gone) return;
    this.#undone = this.#undone.filter((one) => one.id !== id);
    void toast.gone();
  }

  async undo(id?: number): Promise<void> {
    const entry = id === undefined ? this.#undone.at(-1) : this.#undone.find((one) => one.id === id);
    if (!entry) return;
    this.#undone = this.#undone.filter((one) => one !== entry);
    this.list = this.list.filter((toast) => toast.id !== entry.id);
    await entry.undo();
  }
}

export const toasts = new Toasts();

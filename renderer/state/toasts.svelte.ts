/** One-line messages at the bottom right, with Undo where there is a way back. Never for errors. */
export interface Toast {
  id: number;
  text: string;
  undo: (() => Promise<void> | void) | null;
}

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  /** Ways back, newest last: Ctrl+Z takes the last. */
  #undone: { id: number; undo: () => Promise<void> | void }[] = [];

  show(text: string, undo: Toast['undo'] = null): void {
    const toast = { id: this.#next++, text, undo };
    this.list = [...this.list.slice(-3), toast];
    if (undo) this.#undone = [...this.#undone.slice(-30), { id: toast.id, undo }];
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  async undo(id?: number): Promise<void> {
    const entry = id === undefined ? this.#undone.at(-1) : this.#undone.find((one) => one.id === id);
    if (!entry) return;
    this.#undone = this.#undone.filter((one) => one !== entry);
    this.dismiss(entry.id);
    await entry.undo();
  }
}

export const toasts = new Toasts();

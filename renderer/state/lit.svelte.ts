/** The run under the pointer or the focus: wherever it is shown, it stands out. */
class Lit {
  run = $state<string | null>(null);

  /** Handlers for what stands for a run. */
  over(id: string) {
    const off = () => {
      if (this.run === id) this.run = null;
    };
    return { onpointerenter: () => (this.run = id), onpointerleave: off };
  }

  /** Whether another run stands out. */
  dims(id: string | undefined): boolean {
    return this.run !== null && id !== undefined && this.run !== id;
  }
}

export const lit = new Lit();

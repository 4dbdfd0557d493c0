interface Prompt {
  title: string;
  label: string;
  value: string;
  /** The button that goes on. */
  verb: string;
  hint?: string;
  multiline?: boolean;
  /** Empty text is an answer. */
  optional?: boolean;
}

class Prompting {
  asked = $state.raw<(Prompt & { resolve: (text: string | null) => void }) | null>(null);

  answer(text: string | null): void {
    const { asked } = this;
    this.asked = null;
    asked?.resolve(text);
  }
}

export const prompting = new Prompting();

/** Asks for one text; null where the person cancels. */
export function prompt(question: Prompt): Promise<string | null> {
  prompting.answer(null);
  return new Promise((resolve) => (prompting.asked = { ...question, resolve }));
}

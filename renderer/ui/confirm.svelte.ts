interface Question {
  title: string;
  text: string;
  /** The button that goes on, named by what it does. */
  verb: string;
}

class Confirmation {
  asked = $state.raw<(Question & { resolve: (yes: boolean) => void }) | null>(null);

  answer(yes: boolean): void {
    const { asked } = this;
    this.asked = null;
    asked?.resolve(yes);
  }
}

export const confirmation = new Confirmation();

/** Asks before something that cannot be undone; false where the person cancels. */
export function confirm(question: Question): Promise<boolean> {
  confirmation.answer(false);
  return new Promise((resolve) => (confirmation.asked = { ...question, resolve }));
}

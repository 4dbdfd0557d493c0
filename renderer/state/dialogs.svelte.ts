/** Dialogs of the whole window, which menus, figures and screens open. */
class Dialogs {
  about = $state(false);
  /** The topic that the help shows; null: it is shut. */
  help = $state<string | null>(null);
}

export const dialogs = new Dialogs();

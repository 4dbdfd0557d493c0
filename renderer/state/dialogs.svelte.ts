/** Dialogs of the whole window, which menus, figures and screens open. */
class Dialogs {
  about = $state(false);
}

export const dialogs = new Dialogs();

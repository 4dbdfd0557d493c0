/** What the system and the app's menu ask of the window: files that are opened with it, About, an import. */
import { kindOfFile } from '../shared/openable.ts';
import type { Command } from '../shared/host.ts';
import { wizard } from './import/wizard.svelte.ts';
import { openCapsule } from './runs/outside.ts';
import { dialogs } from './state/dialogs.svelte.ts';
import { host } from './state/engine-api.ts';
import { toasts } from './state/toasts.svelte.ts';
import { ui } from './state/ui.svelte.ts';
import { nameOf } from './transport/host.ts';

/** Returns the function that ends it. */
export function followCommands(): () => void {
  return host().onCommand(follow);
}

function follow(command: Command): void {
  if (command.do === 'about') dialogs.about = true;
  else if (command.do === 'help') dialogs.help ??= 'guide';
  else if (command.do === 'import') showImport();
  else if (command.do === 'open') open(command.path);
}

function showImport(): void {
  ui.kept.importing = true;
  ui.go('datasets');
}

function open(path: string): void {
  const name = nameOf(path);
  const kind = kindOfFile(path);
  if (kind === 'capsule') void openCapsule(path);
  if (kind !== 'ratings') return;
  showImport();
  // Another file would take the place of the one that is being imported.
  if (wizard.job !== null) toasts.show(`An import is under way. Open ${name} when it has ended.`);
  else void wizard.open({ path, name, bytes: null });
}

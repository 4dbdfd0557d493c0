import { app, dialog } from 'electron';
import type { ErrorShape } from '../../../shared/contract.ts';
import { exitCodes } from './exit-codes.ts';

/** Tells why the app cannot go on, and ends it. Also before Electron is ready. */
export function giveUp(error: unknown): void {
  const { message, hint } = error as Error & Partial<ErrorShape>;
  dialog.showErrorBox('Recommender Workbench cannot go on', [message, hint].filter(Boolean).join('\n\n'));
  app.exit(exitCodes.told);
}

import { join } from 'node:path';
import { appRoot } from '../base/app-root.ts';
import type { Role } from './channel.ts';

/** The built file of a process. */
export function entryOf(role: Role): string {
  return join(appRoot(), 'dist', 'main', `${role}.js`);
}

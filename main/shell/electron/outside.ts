/** The only file that opens anything outside of the app: pages of a table, and the data folder. */
import { shell } from 'electron';
import * as v from 'valibot';
import { outsidePages, type OutsidePage } from '../../../shared/host.ts';

const Page = v.picklist(Object.keys(outsidePages) as OutsidePage[]);

/** @throws where the name is of no page in the table */
export async function openPage(name: unknown): Promise<void> {
  await shell.openExternal(outsidePages[v.parse(Page, name)]);
}

export function openFolder(path: string): void {
  void shell.openPath(path);
}

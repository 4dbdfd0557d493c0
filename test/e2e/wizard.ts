/** The steps of the import wizard, as a person takes them. */
import { afterEach } from 'vitest';
import type { RealWindow } from './window.ts';

export interface Wizard {
  /** Chooses a file after the press of a button. */
  choose(path: string, opener: string): Promise<void>;
  /** Opens the wizard on a file. */
  start(path: string): Promise<void>;
  /** The same, until its preview is there. */
  open(path: string): Promise<void>;
  /** The same, and on to the step that maps columns. */
  map(path: string): Promise<void>;
  /** Checks every row and waits for the accounts. */
  check(): Promise<void>;
  finish(): Promise<void>;
  /** Rows read, imported, rejected, merged and left out. */
  figures(): Promise<number[]>;
}

/** The wizard of a window; whatever a test leaves of it is cancelled behind the test, for it may have failed halfway. */
export function wizardOf(window: RealWindow): Wizard {
  const { button } = window;
  afterEach(async () => {
    const region = window.page.getByRole('region', { name: 'Import ratings' });
    const cancel = region.getByRole('button', { name: 'Cancel' }).last();
    if (await cancel.isVisible()) await cancel.click();
  });
  const wizard: Wizard = {
    async choose(path, opener) {
      const chooser = window.page.waitForEvent('filechooser');
      await button(opener).click();
      await (await chooser).setFiles(path);
    },
    async start(path) {
      await button(/^Import (your )?ratings/).click();
      await wizard.choose(path, 'Choose a file…');
    },
    async open(path) {
      await wizard.start(path);
      await window.page.getByRole('heading', { name: 'Preview' }).waitFor();
    },
    async map(path) {
      await wizard.open(path);
      await button('Map columns').click();
    },
    async check() {
      await button('Check every row').click();
      await window.page.getByText('Every row is accounted for').waitFor();
    },
    async finish() {
      await button(/^Import [\d,]+ ratings/).click();
      await button('Show the profile').click();
    },
    async figures() {
      const texts = await window.page.locator('.numbers > div:not(.op) b').allTextContents();
      return texts.map((text) => Number(text.replaceAll(',', '')));
    },
  };
  return wizard;
}

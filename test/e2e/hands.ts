/** Two ways of using what is on the screen: with the mouse, and with the keyboard alone. */
import type { Locator, Page } from 'playwright-core';
import { tabTo } from './keyboard.ts';

export interface Hand {
  /** Opens a screen by its place in the navigation, from 1. */
  screen(number: number, title: string): Promise<void>;
  press(what: Locator): Promise<void>;
  /** Takes an item of the menu that has just opened. */
  menu(name: string): Promise<void>;
  write(field: Locator, text: string): Promise<void>;
  /** Takes what a field with the focus offers below it. */
  take(option: Locator): Promise<void>;
}

export const handNames = ['mouse', 'keyboard'] as const;

export function handOf(page: Page, name: (typeof handNames)[number]): Hand {
  const menuItem = (title: string): Locator => page.getByRole('menuitem', { name: title });
  if (name === 'mouse')
    return {
      screen: (_, title) => page.getByRole('navigation').getByRole('link', { name: title }).click(),
      press: (what) => what.click(),
      menu: (title) => menuItem(title).click(),
      write: (field, text) => field.fill(text),
      take: (option) => option.click(),
    };
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  /** Presses ArrowDown until it is so. */
  const down = async (reached: () => Promise<boolean>): Promise<void> => {
    for (let pressed = 0; !(await reached()); pressed += 1) {
      if (pressed === 50) throw new Error('ArrowDown does not lead there.');
      await press('ArrowDown');
    }
    await press('Enter');
  };
  return {
    screen: (number) => press(`Control+${number}`),
    async press(what) {
      await what.waitFor();
      await tabTo(page, what);
      await press('Enter');
    },
    menu: async (title) => {
      await menuItem(title).waitFor();
      await down(() => menuItem(title).evaluate((item) => item === document.activeElement));
    },
    async write(field, text) {
      await tabTo(page, field);
      await press('Control+a');
      await page.keyboard.type(text);
    },
    take: async (option) => {
      await option.waitFor();
      await down(async () => (await option.getAttribute('aria-selected')) === 'true');
    },
  };
}

import { strictEqual } from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** What a person does to a page, by one device alone. */
export interface Hands {
  /** Follows a link, or presses a button. */
  press(target: Locator): Promise<void>;
  /** Writes into a field. */
  write(target: Locator, text: string): Promise<void>;
  /** Chooses the entry of a list that comes after the chosen one. */
  chooseNext(target: Locator): Promise<void>;
}

/** A hand on the mouse. Text is typed all the same. */
export const mouse = (page: Page): Hands => ({
  press: (target) => target.click(),
  async write(target, text) {
    await target.click();
    await page.keyboard.type(text);
  },
  async chooseNext(target) {
    const chosen = await target.evaluate(
      (list) => (list as unknown as { readonly selectedIndex: number }).selectedIndex,
    );
    await target.selectOption({ index: chosen + 1 });
  },
});

/** The most presses of Tab that lead anywhere on a page. */
const mostTabs = 300;

/** Hands on the keyboard: Tab leads to everything, Enter follows and presses, arrows choose. */
export const keyboard = (page: Page): Hands => {
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor();
    for (let tabs = 0; tabs < mostTabs; tabs += 1) {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement))
        return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${target}`);
  };
  return {
    async press(target) {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async write(target, text) {
      await reach(target);
      await page.keyboard.type(text);
    },
    async chooseNext(target) {
      const before = await target.inputValue();
      await reach(target);
      await page.keyboard.press('ArrowDown');
      strictEqual((await target.inputValue()) === before, false);
    },
  };
};

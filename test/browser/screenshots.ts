// `npm run screenshots`: takes the pictures of the README, from a pipeline that runs here.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { scriptCommand } from '../../cli/terminal/command.ts';
import { main } from '../../cli/terminal/main.ts';
import { print, printStep } from '../../cli/terminal/print.ts';
import { openPage, startBrowser } from '../support/browser.ts';
import { startScript } from '../support/run-script.ts';

scriptCommand({
  name: 'screenshots',
  does:
    'Takes the pictures of the console that the README shows: starts npm start -- --follow, waits for its bursts, and photographs the page. ' +
    'Needs Chromium.',
  takes: 'two minutes',
}).parse();

const folder = join(import.meta.dirname, '../../docs/pictures');
const viewport = { width: 1_100, height: 800 };

/** Waits until a screen shows all its answers, and photographs the window. */
const photograph = async (page: Page, name: string): Promise<void> => {
  await page.waitForSelector('[aria-busy="false"] .told');
  await page.getByText('Loading …').first().waitFor({ state: 'detached' });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  print(`docs/pictures/${name}.png`);
};

await main(async () => {
  await using pipeline = startScript('cli/user-events.ts', ['start', '--follow']);
  printStep('Starting the pipeline …');
  const started = await pipeline.printed(/in a browser: http/);
  const [, url = ''] = /in a browser: (\S+)/.exec(started) ?? [];
  printStep('Waiting for a minute of rounds, which has a burst of each kind …');
  await pipeline.printed(/Round 14:/);
  await using browser = await startBrowser();
  await using opened = await openPage(browser, url, { viewport, colorScheme: 'light' });
  const { page } = opened;
  await page.waitForSelector('table');
  await photograph(page, 'console-now');
  await page.getByRole('link', { name: 'Rejected' }).click();
  await page.getByRole('link', { name: 'late', exact: true }).click();
  await page.locator('td a').first().click();
  await page.waitForSelector('.steps');
  await photograph(page, 'console-record');
  pipeline.interrupt();
  await pipeline.ended;
  return 0;
});

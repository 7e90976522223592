import { match, ok, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { openPage, startBrowser } from '../support/browser.ts';
import { type Hands, keyboard, mouse } from '../support/hands.ts';
import { startScript } from '../support/run-script.ts';
import { testServers } from '../support/test-environment.ts';

const browser = await startBrowser();
after(() => browser.close());
const { bootstrapServers, cassandra } = testServers();
const pipeline = startScript('cli/user-events.ts', ['start', '--follow'], {
  KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
  ...cassandra,
});
after(() => pipeline[Symbol.asyncDispose]());

/** The address that `npm start -- --follow` prints. */
const [, url = ''] =
  /in a browser: (\S+)/.exec(await pipeline.printed(/in a browser: \S+\n/)) ?? [];

/** What the chart says of an interval with a burst, in words: 200 late records or more, where three a second are usual. */
const burst = /late [\d,]+ in all, (?:[2-9]\d\d|\d+,\d{3}) at the most/;

/** Runs a command line as a person does who has pasted it into a terminal of the checkout, and agrees. */
const runPasted = async (line: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('sh', ['-c', `${line} --yes`], {
    // A terminal does not have the variables of the tests’ servers.
    env: { ...process.env, CASSANDRA_CONTACT_POINTS: '', KAFKA_BOOTSTRAP_SERVERS: '' },
  });
  return stdout;
};

for (const [device, handsOn, which] of [
  ['mouse', mouse, 0],
  ['keyboard', keyboard, 1],
] as const satisfies readonly (readonly [string, (page: Page) => Hands, number])[])
  test(`by ${device}: a late burst is seen, a record opened and understood, its redrive command copied and run, its row found under the user`, async () => {
    await using opened = await openPage(browser, url, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page, faults } = opened;
    const hands = handsOn(page);
    const steps = page.locator('.steps');

    await page
      .getByRole('figure', { name: 'Rejected records, by reason' })
      .filter({ hasText: burst })
      .waitFor({ timeout: 90_000 });
    await hands.chooseNext(page.getByRole('combobox', { name: 'The last' }));
    await hands.press(page.getByRole('button', { name: 'Show' }));
    await page.waitForURL(/#\/now\?last=1h$/);

    await hands.press(page.getByRole('link', { name: 'Rejected' }));
    await hands.press(page.getByRole('link', { name: 'late', exact: true }).first());
    const place = page.getByRole('link', { name: /^user-events-\w+\/\d+\/\d+$/ }).nth(which);
    const record = String(await place.textContent());
    await hands.press(place);

    await page.getByText('It is rejected: late').waitFor();
    match(String(await steps.textContent()), /recorded.*The watermark was .* when the record was/);
    match(String(await page.locator('figure').textContent()), /Its time is .* behind the waterm/);
    const field = (name: string) =>
      page
        .getByRole('row', { name: new RegExp(`^${name} `) })
        .getByRole('cell')
        .last();
    const user = String(await field('user_id').textContent());
    const event = String(await field('event_id').textContent());

    await hands.press(page.getByRole('button', { name: /^Copy the command .* redrive / }));
    await page.getByText('The command is copied.').waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    const [topic, partition, offset] = record.split('/');
    strictEqual(
      copied,
      `npx user-events redrive --topic ${topic} --partition ${partition} --offset ${offset} --to tables`,
    );
    match(await runPasted(copied), /^done +its row was written +1$/m);

    await hands.press(page.getByRole('link', { name: 'User', exact: true }));
    await hands.write(page.getByRole('textbox', { name: 'User' }), user);
    await hands.press(page.getByRole('button', { name: 'Show' }));
    const row = page.getByRole('row', { name: event });
    await row.waitFor();
    await page.getByText('Looking for their records').waitFor({ state: 'detached' });
    ok(faults.length === 0, faults.join('\n'));
  });

test('a record that was redriven while npm start goes on makes no row of it wrong', async () => {
  pipeline.interrupt();
  const { code, output } = await pipeline.ended;
  strictEqual(code, 0, output);
});

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, type TestContext, test } from 'node:test';
import axeCore from 'axe-core';
import type { Page } from 'playwright-core';
import { type ServedConsole, startConsole } from '../../cli/console/console.ts';
import { openTarget } from '../../cli/target/open-target.ts';
import { startTcpProxy } from '../../local/servers/tcp-proxy.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode, userId } from '../support/avro.ts';
import { openPage, startBrowser } from '../support/browser.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { startScript } from '../support/run-script.ts';

const browser = await startBrowser();
after(() => browser.close());

const { source: axe } = axeCore;

/** What would become markup, script or another look of the page, if it were not text. */
const hostile = [
  '<img src=x onerror="document.title=\'taken\'">',
  '"><script>document.title="taken"</script>',
  "javascript:document.title='taken'",
  '\u202etxt.exe\u0000\u001b[2J',
  '{{constructor.constructor("document.title=1")()}}',
];

const minute = 60_000;

const closing = new AsyncDisposableStack();
after(() => closing.disposeAsync());

/** The topic of a pipeline that has handled events on time, late ones and broken ones. Of partition 2 Kafka has deleted the record. */
const topic = await createTopic({ after: (close) => closing.defer(close) }, 3);
const now = Date.now();
const event = (ago: number, type: string, metadata: Record<string, string> = {}): Buffer =>
  encode({ event_time: now - ago, event_type: type, metadata });
await topic.produce([
  ...Array.from({ length: 6 }, (_, index) => ({
    partition: 0,
    value: event(index * -10 + 60_000, `view-${index}`),
  })),
  { partition: 0, value: event(5 * minute, 'late-one') },
  { partition: 0, value: event(minute, 'hostile', { [hostile[0] ?? '']: hostile[1] ?? '' }) },
  ...hostile.map((text) => ({
    partition: 1,
    key: Buffer.from(text),
    value: Buffer.from(text),
    headers: new Map([[Buffer.from(text), Buffer.from(text)]]),
  })),
  { partition: 2, value: Buffer.from('deleted later') },
]);
const keyspace = closing.use(await openKeyspace());
await handleTopic(topic, keyspace);
await topic.deleteBelow(2, 1);
const abort = new AbortController();
closing.defer(() => abort.abort());
/** Starts a console of the pipeline. */
const startOwn = (port = 0): Promise<ServedConsole> =>
  startConsole(
    {
      signal: abort.signal,
      caller: async () => 'a test',
      openTarget: (options) =>
        openTarget({ ...options, stage: 'given' }, async () => ({
          name: 'the tests’ pipeline',
          environment: keyspace.environment,
          topic: topic.name,
          stack: null,
          kafka: async () => ({ bootstrapServers: topic.bootstrapServers }),
        })),
    },
    { port, local: true },
  );
const { url } = closing.use(await startOwn());

/** Opens the console; at the end of the test nothing may have gone wrong in its page. */
const opened = async (
  t: TestContext,
  options: Parameters<typeof openPage>[2] = {},
): Promise<{ page: Page; goTo: (hash: string) => Promise<void> }> => {
  const { page, faults, ...context } = await openPage(browser, url, options);
  t.after(async () => {
    await context[Symbol.asyncDispose]();
    deepStrictEqual(faults, []);
  });
  return {
    page,
    goTo: async (hash) => {
      // What was shown before must not be taken for the new screen.
      await page.evaluate(`for (const one of document.querySelectorAll('.told')) one.dataset.old = '';
        location.hash = ${JSON.stringify(hash)}`);
      await page.waitForSelector('[aria-busy="false"] .told:not([data-old])');
    },
  };
};

const recordOf = (partition: number, offset: number): string =>
  `#/record?record=${encodeURIComponent(`${topic.name}/${partition}/${offset}`)}`;

/** Lists what axe finds wrong on the page by the rules of WCAG 2.1 AA. */
const violations = async (page: Page): Promise<unknown> => {
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`,
  );
};

test('the token leaves the address at once, and the page shows where the pipeline stands', async (t) => {
  const { page } = await opened(t);
  await page.getByRole('table', { name: 'The partitions of the topic' }).waitFor();
  ok(!page.url().includes('token'), page.url());
  match(
    (await page.getByRole('table', { name: 'The partitions of the topic' }).textContent()) ?? '',
    new RegExp(`${topic.name}/0.*\\d+ s ago`),
  );
  await page.getByText('Nothing is wrong.').or(page.locator('.note.bad')).first().waitFor();
  await page.getByRole('figure', { name: 'Rejected records, by reason' }).waitFor();
});

test('a late event is found, opened and understood, and its redrive command is shown', async (t) => {
  const { page } = await opened(t);
  await page.getByRole('link', { name: 'Rejected' }).click();
  await page.getByRole('link', { name: 'late', exact: true }).click();
  const record = page.getByRole('link', { name: `${topic.name}/0/6` });
  await record.waitFor();
  // The link that was followed is gone, and the keyboard goes on from the top of the records.
  strictEqual(await page.evaluate('document.activeElement.tagName'), 'H1');
  await record.click();
  await page.getByText('It is rejected: late').waitFor();
  match(
    (await page.locator('.steps').textContent()) ?? '',
    /The watermark was .* when the record was rejected/,
  );
  await page.locator('svg.timeline path.own').waitFor();
  const commands = await page.locator('.command code').allTextContents();
  ok(
    commands.some((line) => line.includes('redrive') && line.includes('--offset 6')),
    commands.join('\n'),
  );
});

test('filters stand in the address: the same address shows the same to others', async (t) => {
  const { page } = await opened(t);
  await page.getByRole('link', { name: 'Rejected' }).click();
  const reason = page.getByRole('combobox', { name: 'Reason' });
  await reason.fill('undecodable');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('link', { name: 'undecodable' }).first().waitFor();
  match(page.url(), /#\/rejected\?reason=undecodable$/);
  await page.reload();
  await page.getByRole('link', { name: 'undecodable' }).first().waitFor();
  strictEqual(await page.getByRole('link', { name: 'late', exact: true }).count(), 0);
  // Another reason of the records, one by one, leads to records.
  await page.getByRole('link', { name: 'Show the records' }).click();
  await reason.fill('late');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('link', { name: 'Show the groups' }).waitFor();
  match(page.url(), /#\/rejected\?reason=late&show=records$/);
});

test('a link of others puts nothing into a command but the filters that it knows, each as one word', async (t) => {
  const { page, goTo } = await opened(t);
  // The filter finds nothing, and there would be nothing to do.
  await page.route('**/api/rejected?*', async (route) => {
    const asked = new URL(route.request().url());
    asked.searchParams.delete('detail');
    await route.fulfill({ response: await route.fetch({ url: asked.href }) });
  });
  const of = new URLSearchParams({ yes: 'true', '; rm -rf /': 'x', detail: "'; rm -rf /" });
  await goTo(`#/rejected?${of}`);
  const commands = await page
    .locator('.command code', { hasText: '--since 24h' })
    .allTextContents();
  deepStrictEqual(commands.length, 2);
  for (const command of commands) {
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' });
    const strange = words.split('\0').filter((word) => /rm|yes/.test(word));
    deepStrictEqual(strange, ["'; rm -rf /"]);
  }
});

test('what is shown of the rejected records is downloaded, with their bytes', async (t) => {
  const { page, goTo } = await opened(t);
  await goTo('#/rejected?reason=late');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const download = await coming;
  strictEqual(download.suggestedFilename(), 'rejected.jsonl');
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  deepStrictEqual(
    lines.map((line) => JSON.parse(line)).map(({ offset, reason }) => [offset, reason]),
    [['6', 'late']],
  );
});

test('a record that Kafka has deleted is shown from rejected_events, with its bytes and its command', async (t) => {
  const { page, goTo } = await opened(t);
  await goTo(recordOf(2, 0));
  await page.getByText('begins at offset 1').waitFor();
  await page.getByText('It was rejected: undecodable').waitFor();
  match(String(await page.locator('.hex').first().textContent()), /deleted later/);
  strictEqual(await page.getByText('There is none.').count(), 1, 'it had no key, and a value');
  await page.locator('.command code', { hasText: `--topic ${topic.name} --partition 2` }).waitFor();
});

test('an event of a user leads to its record in the topic, and the record to what the function decided of it', async (t) => {
  const { page, goTo } = await opened(t);
  await goTo(`#/user?id=${userId}`);
  await page
    .getByRole('row', { name: 'view-3' })
    .getByRole('link', { name: `${topic.name}/0/3` })
    .click();
  await page.getByText('user_events has its row.').waitFor();
});

test('times are in UTC, and those of the reader’s place where the pointer rests', async (t) => {
  const { page, goTo } = await opened(t, { timezoneId: 'Asia/Tokyo', locale: 'en-GB' });
  await goTo(`#/user?id=${userId}`);
  const time = page.getByRole('row', { name: 'view-0' }).locator('time');
  const at = now - minute;
  const text = (zone: string): string => new Date(at).toLocaleString('en-GB', { timeZone: zone });
  const [date = '', clock = ''] = new Date(at).toISOString().split(/[T.]/);
  ok(String(await time.textContent()).startsWith(`${date} ${clock}`));
  strictEqual(await time.getAttribute('title'), text('Asia/Tokyo'));
});

test('nothing is asked for while the page is hidden, and everything again once it is seen', async (t) => {
  const { page } = await opened(t);
  await page.clock.install();
  await page.reload();
  await page.getByRole('table', { name: 'The partitions of the topic' }).waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const show = (isHidden: boolean): Promise<unknown> =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  const askedAgain = async (act: () => Promise<unknown>): Promise<void> => {
    const all = ['health', 'partitions', 'rates'].map((name) =>
      page.waitForResponse((response) => response.url().includes(`/api/${name}`)),
    );
    await act();
    await Promise.all(all);
  };
  await askedAgain(() => page.clock.runFor(10_000));
  await show(true);
  asked.length = 0;
  await page.clock.runFor(60_000);
  deepStrictEqual(asked, []);
  await askedAgain(() => show(false));
});

test('an answer that has a part alone says so, and shows that part', async (t) => {
  const { page, goTo } = await opened(t);
  await page.route('**/api/rejected?*', async (route) => {
    const answer = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...answer, exitCode: 2, told: ['Not read: a part.'] } });
  });
  await goTo('#/rejected');
  await page.getByText('Not all of it could be looked at. Not read: a part.').waitFor();
  await page.getByRole('link', { name: 'late', exact: true }).waitFor();
});

test('a finding has its sentence at the top, its command, and its runbook in the page', async (t) => {
  const { page } = await opened(t);
  await page.locator('.note.bad', { hasText: 'Nobody reads' }).waitFor();
  const broken = page.locator('.note.bad', { hasText: 'Rejected in the last hour' });
  await broken.getByText('npx user-events rejected --since 1h --local').waitFor();
  await broken.getByRole('link', { name: 'Runbook' }).click();
  await page.getByRole('heading', { name: 'Rejected records' }).waitFor();
  match(page.url(), /#\/runbook\?of=rejected-records$/);
  deepStrictEqual(await page.getByText('docs/operations.md has no such').count(), 0);
});

test('a user’s events are shown by day, the newest first, with the hours of the day', async (t) => {
  const { page, goTo } = await opened(t);
  await goTo(`#/user?id=${userId}`);
  await page.getByText('view-0').waitFor();
  match(
    (await page.locator('svg.strip').first().getAttribute('aria-label')) ?? '',
    /^Events by hour/,
  );
  const times = await page
    .locator('tbody time')
    .evaluateAll((all) => all.map((one) => (one as Element).getAttribute('datetime')));
  ok(times.length > 5, String(times.length));
  deepStrictEqual(times, times.toSorted().toReversed());
});

test('keys, values, headers and metadata of others stay text, whatever they hold', async (t) => {
  const { page, goTo } = await opened(t);
  for (let offset = 0; offset < hostile.length; offset += 1) {
    await goTo(recordOf(1, offset));
    await page.getByText('It is no event: undecodable').first().waitFor();
    match(await page.title(), /^Record/);
  }
  await goTo(`#/user?id=${userId}`);
  await page.getByText('hostile').first().waitFor();
  await goTo('#/rejected?show=records');
  match(await page.title(), /^Rejected/);
  strictEqual(await page.locator('main img, main script').count(), 0);
});

for (const [look, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['360 pixels wide', { viewport: { width: 360, height: 740 } }],
] as const)
  test(`each screen passes axe’s rules of WCAG 2.1 AA, ${look}, and is no wider than the window`, async (t) => {
    const { page, goTo } = await opened(t, { ...options, bypassCSP: true });
    const rightAt = async (what: string, go: () => Promise<unknown>): Promise<void> => {
      await go();
      deepStrictEqual(await violations(page), [], what);
      const wider = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      strictEqual(wider, 0, what);
    };
    for (const hash of [
      '#/now',
      '#/rejected',
      '#/rejected?show=records',
      `#/user?id=${userId}`,
      recordOf(0, 6),
      recordOf(2, 0),
      '#/rejected?reason=tombstone',
    ])
      await rightAt(hash, () => goTo(hash));
    // Those have nothing to ask for, or are refused.
    for (const [hash, says] of [
      ['#/user', 'Whose events?'],
      ['#/runbook?of=records-waiting', 'a part of docs/operations.md'],
      ['#/user?id=nobody', 'A user is a uuid'],
      ['#/record?record=no', 'A record is named'],
    ] as const)
      await rightAt(hash, async () => {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.getByText(says).first().waitFor();
      });
    // What has not come yet.
    await page.route('**/api/**', () => {});
    await rightAt('loading', async () => {
      await page.evaluate("location.hash = '#/rejected'");
      await page.getByText('Loading …').first().waitFor();
    });
  });

test('a filter that cannot be understood is told, and nobody is told that nothing was rejected', async (t) => {
  const { page, goTo } = await opened(t);
  await goTo('#/rejected?since=yesterday');
  await page.getByText('It must be a time in UTC').waitFor();
  strictEqual(await page.getByText('Nothing was rejected').count(), 0);
});

test('a command that the browser does not copy is told to be marked by hand', async (t) => {
  const { page, goTo } = await opened(t);
  await goTo('#/rejected');
  await page.evaluate(
    "navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))",
  );
  await page.getByRole('button', { name: /^Copy the command .* redrive / }).click();
  await page.getByText('The browser does not let the page copy').waitFor();
});

test('charts take the colours of a page that becomes dark while it is open', async (t) => {
  const { page } = await opened(t, { colorScheme: 'light', bypassCSP: true });
  const line = page.locator('.u-marker').last();
  await line.waitFor();
  const colour = (): Promise<string> =>
    line.evaluate((marker) => getComputedStyle(marker as Element).borderColor);
  const light = await colour();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(
    `getComputedStyle([...document.querySelectorAll('.u-marker')].at(-1)).borderColor !== '${light}'`,
  );
});

test('the URL of a console that was started again is opened where the page of the former one is open', async (t) => {
  const first = await startOwn();
  const { page, ...context } = await openPage(browser, first.url);
  t.after(() => context[Symbol.asyncDispose]());
  await page.getByRole('table', { name: 'The partitions of the topic' }).waitFor();
  await first[Symbol.asyncDispose]();
  await using second = await startOwn(Number(new URL(first.url).port));
  await page.reload();
  await page.getByText('The token is missing or wrong').first().waitFor();
  await page.goto(second.url);
  await page.getByText('The token is missing or wrong').first().waitFor({ state: 'detached' });
  await page.getByRole('table', { name: 'The partitions of the topic' }).waitFor();
  ok(!page.url().includes('token'), page.url());
});

test('a database that was away when the console was opened is asked again', async (t) => {
  const contactPoints = 'CASSANDRA_CONTACT_POINTS';
  await using proxy = await startTcpProxy(String(keyspace.environment[contactPoints]));
  proxy.refuse();
  // In a process of its own: the driver leaves timers behind where it could not connect.
  await using script = startScript('cli/user-events.ts', ['console'], {
    ...keyspace.environment,
    [contactPoints]: proxy.address,
    KAFKA_BOOTSTRAP_SERVERS: topic.bootstrapServers.join(','),
  });
  const [printed = ''] = /http:\S+/.exec(await script.printed(/http:\S+\n/)) ?? [];
  const { page, ...context } = await openPage(browser, printed);
  t.after(() => context[Symbol.asyncDispose]());
  await page.getByText('cannot be used').first().waitFor();
  proxy.pass();
  await page.reload();
  await page.getByRole('table', { name: 'The partitions of the topic' }).waitFor();
});

test('the page says that its figures are stale when they cannot be had any more, and asks again', async (t) => {
  const { page } = await opened(t);
  await page.clock.install();
  await page.reload();
  await page.getByRole('table', { name: 'The partitions of the topic' }).waitFor();
  const isAskedAgain = async (): Promise<void> => {
    const answered = page.waitForResponse(/api\/partitions/);
    await page.clock.runFor(10_000);
    await answered;
  };
  await page.route('**/api/partitions*', (route) =>
    route.fulfill({ status: 502, json: { error: 'Cassandra cannot be reached.' } }),
  );
  await isAskedAgain();
  await page.getByText('Cassandra cannot be reached. What is below is stale').waitFor();
  await page.unroute('**/api/partitions*');
  await isAskedAgain();
  await page.getByText('Cassandra cannot be reached').waitFor({ state: 'detached' });
});

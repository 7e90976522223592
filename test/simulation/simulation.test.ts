import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { installClock } from './clock.ts';
import { mutants } from './mutants.ts';
import { runSchedules } from './schedules.ts';
import { smallestStory } from './story.ts';
import { runInWorker } from './workers.ts';

/** The number of schedules in the tests; `npm run simulate` runs a million. */
const schedules = 3_000;

test(`in ${schedules} simulated schedules nothing is lost, nothing is wrong, and nothing is wrongly late`, async () => {
  using clock = installClock();
  const { failed } = await runSchedules({ first: 1, step: 1, count: schedules }, clock);
  strictEqual(failed, null, failed === null ? '' : await smallestStory(failed, clock));
});

/** The number of seeds within which each mutant must be detected: several times the seeds that any of them takes. */
test('an invocation whose checkpoint is never answered ends by itself before its time is up', async () => {
  using clock = installClock();
  // The last request began so late that its answer was given up in the very millisecond in which the function was killed.
  const seed = 140_953;
  const { failed } = await runSchedules({ first: seed, step: 1, count: 1 }, clock);
  strictEqual(failed, null, failed === null ? '' : await smallestStory(seed, clock));
});

const mutantSeeds = 2_000;

for (const [mutant, { name }] of mutants.entries())
  test(`the simulation sees it when ${name}`, async () => {
    const { failed } = await runInWorker({ first: 1, step: 1, count: mutantSeeds, mutant });
    strictEqual(failed === null ? 'not found' : 'found', 'found');
  });

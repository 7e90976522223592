// `npm run cost`: prints the cost of one's own traffic.
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { columns, print, printJson, table, wrap } from '../cli/terminal/print.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { count, number } from '../cli/terminal/words.ts';

interface CostOptions {
  readonly rate: number;
  readonly partitions: number;
  readonly recordBytes?: number;
  readonly rowBytes?: number;
  readonly memory: number;
  readonly json: boolean;
}

const options = scriptCommand({
  name: 'cost',
  does:
    'Computes what a topic costs in a month, in US dollars at the prices of us-east-1: event pollers, Lambda, Amazon Keyspaces on ' +
    'demand and CloudWatch. The Kafka cluster, a NAT gateway and endpoints are left out. Starts nothing, and asks nobody.',
  takes: 'a few seconds',
})
  .option('--rate <n>', 'events a second', wholeNumber(1, 10_000_000), 1_000)
  .option('--partitions <n>', 'partitions of the topic', wholeNumber(1, 10_000), 12)
  .option(
    '--record-bytes <n>',
    'bytes of a value (default: those of a demo event)',
    wholeNumber(1, 1_000_000),
  )
  .option(
    '--row-bytes <n>',
    'bytes of a row, as Keyspaces counts them (default: those of a demo event)',
    wholeNumber(1, 1_000_000),
  )
  .option('--memory <MB>', 'memory of the function', wholeNumber(128, 10_240), 512)
  .option('--json', 'print the cost as JSON', false)
  .parse()
  .opts<CostOptions>();

await main(async () => {
  // Counting the alarms takes a synth, which nobody waits for who has asked for help.
  const { costOf, figure, mark, millionsOf, priceOf, total, unreadNote, usdOf, workload } =
    await import('./model.ts');
  const { prices } = await import('./prices.ts');
  const traffic = { eventsPerSecond: options.rate, partitions: options.partitions };
  const given = {
    ...workload,
    recordBytes: options.recordBytes ?? workload.recordBytes,
    rowBytes: options.rowBytes ?? workload.rowBytes,
    memoryMb: options.memory,
  };
  const cost = costOf(traffic, given);
  const { pollers, invocationsPerSecond, concurrency, charges } = cost;
  const perMillion = total(cost) / millionsOf(traffic);
  if (options.json) {
    printJson({
      traffic,
      workload: given,
      ...cost,
      charges: charges.map((charge) => ({
        ...charge,
        usd: usdOf(charge),
        isPriceOfAws: prices[charge.price].isOfAws,
      })),
      usdPerMonth: total(cost),
      usdPerMillion: perMillion,
    });
    return 0;
  }
  print(
    wrap(
      `${count(options.rate, 'event')} a second over ${count(options.partitions, 'partition')}, values of ` +
        `${number(given.recordBytes)} bytes, rows of ${number(given.rowBytes)}: ${count(pollers, 'poller')}, ` +
        `${figure(invocationsPerSecond)} invocations a second, ${figure(concurrency)} at once with ${number(options.memory)} MB.\n`,
      columns(),
    ),
  );
  print(
    table(
      ['US$ a month', 'part', 'units', 'of', 'US$ each'],
      [
        ...charges.map((charge) => [
          `${figure(usdOf(charge)).padStart(9)}${mark([charge.price])}`,
          charge.part,
          figure(charge.units).padStart(13),
          prices[charge.price].per,
          priceOf(charge.price),
        ]),
        [figure(total(cost)).padStart(9), 'in sum', '', '', ''],
      ],
    ),
  );
  print(`\nUS$ ${figure(perMillion)} a million events.\n`);
  print(
    wrap(
      `${unreadNote} docs/operations.md#prices names the source of each. The function’s time was measured on another ` +
        'machine than Lambda’s (npm run bench:batch).',
      columns(),
    ),
  );
  return 0;
});

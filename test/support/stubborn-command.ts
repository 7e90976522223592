// A command whose resources never close.
import { main } from '../../cli/terminal/main.ts';

await main(async () => {
  process.stdout.write('running\n');
  setInterval(() => {}, 1_000);
  return new Promise(() => {});
});

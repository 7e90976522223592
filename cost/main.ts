import { say } from '../local/print.ts';
import { demoPerHour } from './model.ts';
import { costTable, priceTable } from './table.ts';

// `npm run cost`: the tables of docs/operations.md, and the demo's price in the README.
say(`${costTable()}\n\n${priceTable()}\n\nThe demo: US$ ${demoPerHour.toFixed(2)} an hour.`);

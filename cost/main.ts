import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPerHour } from './model.ts';
import { costTable, priceTable } from './table.ts';

// `npm run cost`: writes the tables of docs/operations.md, and the demo's price into the README.
const rewrite = (file: string, change: (text: string) => string): void => {
  const path = join(import.meta.dirname, '..', file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

const between = (text: string, mark: string, table: string): string =>
  text.replace(
    new RegExp(`(<!-- ${mark} -->)[^]*(<!-- /${mark} -->)`),
    (_, begin, end) => `${begin}\n\n${table}\n\n${end}`,
  );

rewrite('docs/operations.md', (text) =>
  between(between(text, 'cost', costTable()), 'prices', priceTable()),
);
rewrite('README.md', (text) =>
  text.replace(/US\$ [\d.]+ an hour/, () => `US$ ${demoPerHour.toFixed(2)} an hour`),
);

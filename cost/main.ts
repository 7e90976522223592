import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPerHour } from './model.ts';
import { costByPart, limitTable, loadTable } from './scale-tables.ts';
import { costTable, priceTable } from './table.ts';
import { workload } from './workload.ts';

// `npm run cost`: writes the tables of docs/operations.md and docs/scale.md, and the demo's price into the README.
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
rewrite('docs/scale.md', (text) =>
  between(
    between(between(text, 'load', loadTable(workload)), 'limits', limitTable(workload)),
    'cost',
    costByPart(workload),
  ),
);
rewrite('README.md', (text) =>
  text.replace(/US\$ [\d.]+ an hour/, () => `US$ ${demoPerHour.toFixed(2)} an hour`),
);

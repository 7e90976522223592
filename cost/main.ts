// `npm run cost`: writes the tables of docs/operations.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTable, priceTable } from './model.ts';

const page = join(import.meta.dirname, '../docs/operations.md');
let text = readFileSync(page, 'utf8');
for (const [mark, table] of [
  ['cost', costTable()],
  ['prices', priceTable()],
])
  text = text.replace(
    new RegExp(`(<!-- ${mark} -->)[^]*(<!-- /${mark} -->)`),
    (_, begin, end) => `${begin}\n\n${table}\n\n${end}`,
  );
writeFileSync(page, text);

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from './settings-table.ts';

// `npm run settings`: writes docs/configuration.md.
writeFileSync(join(import.meta.dirname, '../docs/configuration.md'), configurationPage());

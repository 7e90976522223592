#!/usr/bin/env node
// `npx user-events`: runs the command line on the Node that the project brings, whatever Node the machine has.
import { join } from 'node:path';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
// Node keeps what it has compiled: a third of a command's start.
process.env.NODE_COMPILE_CACHE ??= join(here, '../node_modules/.cache/node');
process.argv.splice(2, 0, join(here, 'user-events.ts'));
await import('../run.js');

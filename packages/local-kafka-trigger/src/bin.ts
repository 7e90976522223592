#!/usr/bin/env node
import { parseOptions } from './command/options.ts';
import { runCommand } from './command/run.ts';
import { TriggerError } from './trigger-error.ts';

try {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 22))
    throw new TriggerError(
      `local-kafka-trigger needs Node 22.22 or newer. This is ${process.versions.node}.`,
    );
  process.exitCode = await runCommand(parseOptions(process.argv));
} catch (error) {
  process.stderr.write(
    `${error instanceof TriggerError ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exitCode = 1;
}

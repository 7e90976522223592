#!/usr/bin/env node
// The command line of the package: the operations on a running pipeline, and the console. What runs a pipeline on this machine needs a checkout.
import './older-node.ts';
import { runCommandLine } from './command-line.ts';
import { localWords } from './local-words.ts';
import { UserFacingError } from './terminal/user-facing-error.ts';

await runCommandLine(process.argv.slice(2), (program) => {
  for (const [name, does] of Object.entries(localWords))
    program
      .command(name)
      .description(does)
      .helpGroup('In a checkout of the project:')
      .argument('[words...]')
      .allowUnknownOption()
      .action(() => {
        throw new UserFacingError(
          `${name} needs a checkout of the project: the package has only the commands on a running pipeline.`,
        );
      });
});

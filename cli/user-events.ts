// The command line of the project: `npx user-events`. npm scripts of the same names call its commands too.
import { runCommandLine } from './command-line.ts';
import { localCommands } from './local-commands.ts';
import { type LocalName, localWords } from './local-words.ts';

const [, , name = '', ...rest] = process.argv;
const here = Object.hasOwn(localCommands, name) ? localCommands[name as LocalName] : undefined;
if (here === undefined)
  await runCommandLine(name === '' ? [] : [name, ...rest], (program) => {
    for (const [command, does] of Object.entries(localWords))
      program.command(command).description(does).helpGroup('On this machine:');
  });
else {
  process.argv.splice(2, 1);
  await here();
}

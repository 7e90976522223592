import * as z from 'zod';
import { network } from './network.ts';
import { read, shared } from './pipeline.ts';
import { flag, oneOf, settings, text } from './rules.ts';
import { source } from './source.ts';

const { sink, schemaRegistry, mapping, onFailure, function: functionSettings, ...others } = shared;
const { environment, removal, alarms, operate } = others;

const tagRule =
  'an object of at most 50 texts: names of 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:; values of at most 256';

/** The settings of one stage. docs/configuration.md is made of them. */
export const stageSettings = settings({
  stackName: text(
    'the stack’s name',
    'letters, digits and -, beginning with a letter',
    /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  ),
  account: text(
    'the account; only a demo may leave it out',
    'an account’s 12 digits, in quotes',
    /^\d{12}$/,
  ).optional(),
  region: text(
    'the region; only a demo may leave it out',
    'a region like eu-west-1',
    /^[a-z]{2,4}(-[a-z]+)+-\d$/,
  ).optional(),
  ...read,
  source,
  sink,
  schemaRegistry,
  mapping,
  onFailure,
  network: network.optional(),
  function: functionSettings,
  environment,
  encryption: oneOf(
    'the key of the bucket or queue, the log, the variables and Keyspaces’ tables: AWS’s own, or one that the stack makes',
    ['aws', 'own-key'],
  ).default('aws'),
  removal,
  terminationProtection: flag(
    'have CloudFormation refuse to delete the stack, until a deploy with false',
  ).default(false),
  tags: z
    .record(
      z.string().regex(/^(?!aws:)[\p{L}\p{N}\p{Z}_.:/=+@-]{1,128}$/iu),
      text('', 'a text of at most 256 such characters', /^[\p{L}\p{N}\p{Z}_.:/=+@-]{0,256}$/u),
      { error: ({ input }) => `must be ${tagRule} (given ${JSON.stringify(input)})` },
    )
    .refine((given) => Object.keys(given).length <= 50, {
      error: ({ input }) =>
        `must be ${tagRule} (given ${Object.keys(Object(input)).length} of them)`,
    })
    .meta({
      description: 'tags of the stack, which CloudFormation gives to each of its resources',
      rule: tagRule,
    })
    .optional(),
  alarms,
  operate,
});

/** A stage that has been checked, with what it leaves out filled in. */
export type DeployConfig = z.output<typeof stageSettings>;

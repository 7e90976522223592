import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './prepare.ts';
import { another, type Database, rehearsedStages, type Stage } from './stages.ts';

/**
 * Placeholders in the templates of the version before, which `write-before.ts` writes into the folder `before` at a release. They
 * stand for the address of the rehearsal's Cassandra, which differs from run to run.
 */
const folder = join(import.meta.dirname, 'before');

export const exampleDatabase: Database = {
  contactPoint: 'cassandra.example.org:9042',
  localDataCenter: 'datacenter1',
  caFile: relative(root, join(folder, 'ca.pem')),
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cassandra-login-AbCdEf',
};

/** The stages whose templates are kept: one for each kind of table, destination and source that a stack can create. */
export const beforeNames = ['prod', 'cassandra', 'own-key', 'demo'] as const;
export type BeforeName = (typeof beforeNames)[number];

/** Makes the stage of a kept template, with a stack and a keyspace of its own. */
export const stageOf = (name: BeforeName, database: Database): Stage =>
  another(rehearsedStages(database)[name], `upgrade-${name}`);

/** Gives the path of a stage's template of the version before. */
export const fileOf = (name: BeforeName): string => join(folder, `${name}.template.json`);

export const beforeOf = (name: BeforeName): Promise<string> => readFile(fileOf(name), 'utf8');

/** Puts a rehearsal's Cassandra into a template of the version before. */
export const placeIn = async (template: string, database: Database): Promise<string> => {
  const values = async ({ contactPoint, secretArn, localDataCenter, caFile }: Database) => [
    ...[contactPoint, secretArn, localDataCenter],
    JSON.stringify((await readFile(join(root, caFile), 'utf8')).trim()).slice(1, -1),
  ];
  const from = await values(exampleDatabase);
  const to = await values(database);
  return from.reduce((text, one, index) => text.replaceAll(one, to[index] ?? ''), template);
};

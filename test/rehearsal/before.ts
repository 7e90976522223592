import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './prepare.ts';
import { another, type Database, rehearsedStages, type Stage } from './stages.ts';

/**
 * The templates of the version before, in the folder `before`: `write-before.ts` writes them, at a release. Where a rehearsal's
 * Cassandra is differs from one to the next: a template has these values in its place.
 */
const folder = join(import.meta.dirname, 'before');

export const exampleDatabase: Database = {
  contactPoint: 'cassandra.example.org:9042',
  localDataCenter: 'datacenter1',
  caFile: relative(root, join(folder, 'ca.pem')),
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cassandra-login-AbCdEf',
};

/** The stages whose templates are kept: one for each kind of table, destination and source that a stack can make. */
export const beforeNames = ['prod', 'cassandra', 'own-key', 'demo'] as const;
export type BeforeName = (typeof beforeNames)[number];

/** A stage as its template was kept, with stack and keyspace of their own. */
export const stageOf = (name: BeforeName, database: Database): Stage =>
  another(rehearsedStages(database)[name], `upgrade-${name}`);

/** Where a stage's template of the version before is. */
export const fileOf = (name: BeforeName): string => join(folder, `${name}.template.json`);

export const beforeOf = (name: BeforeName): Promise<string> => readFile(fileOf(name), 'utf8');

/** A template of the version before with a rehearsal's Cassandra in it. */
export const placeIn = async (template: string, database: Database): Promise<string> => {
  const values = async ({ contactPoint, secretArn, localDataCenter, caFile }: Database) => [
    ...[contactPoint, secretArn, localDataCenter],
    JSON.stringify((await readFile(join(root, caFile), 'utf8')).trim()).slice(1, -1),
  ];
  const from = await values(exampleDatabase);
  const to = await values(database);
  return from.reduce((text, one, index) => text.replaceAll(one, to[index] ?? ''), template);
};

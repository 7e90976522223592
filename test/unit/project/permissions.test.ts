import { deepStrictEqual, ok } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readPage } from '../../support/markdown.ts';

/** The names of services in policies, by those of their clients, where they differ. */
const services: Readonly<Record<string, string>> = { 'secrets-manager': 'secretsmanager' };
/** The actions of requests that are called otherwise. */
const actions: Readonly<Record<string, string>> = {
  's3:ListObjectsV2': 's3:ListBucket',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

/** Lists the actions of AWS that a file asks for. */
const actionsOf = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g,
    ),
  ].flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)].map(([, one, other]) => {
      const action = `${services[client] ?? client}:${one ?? other}`;
      return actions[action] ?? action;
    }),
  );

test('the page for who is on call has each action of AWS that the command line asks for', () => {
  const asked = new Set(globSync('cli/**/*.ts').flatMap(actionsOf));
  ok(asked.size > 10);
  const { inline } = readPage('docs/operations.md');
  const named = new Set(inline);
  deepStrictEqual(
    [...asked].filter((action) => !named.has(action)),
    [],
  );
});

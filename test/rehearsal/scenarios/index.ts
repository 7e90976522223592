import type { Scenario } from '../rehearsal.ts';
import { deploys } from './deploys.ts';
import { failures } from './failures.ts';
import { updates } from './updates.ts';
import { upgrades } from './upgrades.ts';

export const scenarios: readonly Scenario[] = [...deploys, ...upgrades, ...updates, ...failures];

/**
 * Scenarios that must hold and do not yet, with what they wait for. They are skipped unless `--only` or `--required` asks for
 * them; when what one waits for is there, its line goes.
 */
export const notYet: Readonly<Record<string, string>> = {
  'Keyspaces: a first deploy that fails does not keep the next one from working':
    'keyspace, tables and bucket are kept in the rollback of their own creation',
  'Keyspaces: what a destroyed stack has left is taken by --import-existing-resources':
    'the tables name their keyspace by a reference, and AWS imports by static names only',
  'tables of others become the stack’s own by --import-existing-resources':
    'the tables name their keyspace by a reference, and AWS imports by static names only',
  'another topic is read by another mapping, or refused with the way':
    'the deploy succeeds, and the mapping goes on with the old topic',
  'another topic with the next mapping.generation is read by another mapping alone':
    'there is no such setting',
  'Cassandra: a rollback after an ALTER that was run as told ends':
    'the tables’ custom resource refuses the old TTL in the rollback',
  'Cassandra: three foreign tables are told of in an answer that CloudFormation takes':
    'the answer of the tables’ custom resource is not bounded',
  'the tables are made only when the network lets the function out':
    'the tables’ custom resource does not depend on the groups’ rules',
  'the mapping is made only when the function reaches Keyspaces by its endpoint':
    'the mapping does not depend on the endpoint',
  'a stack with termination protection is not destroyed, and says what it has made':
    'there is no such setting, and no outputs',
};

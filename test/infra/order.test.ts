import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, templateOf } from '../support/stages.ts';
import { ancestors, idsOf, resourcesOf } from '../support/template-order.ts';

const stages = Object.entries(matrix).flatMap(([name, given]) =>
  given.map((one, index) => ({
    name: `${name} ${index}`,
    resources: resourcesOf(templateOf(one)),
  })),
);

// A resource that is made after the mapping can fail when rows are already written, and the rollback of a first deploy deletes them.
test('the event source mapping is made last, but for the alarms and the dashboard that need its id', () => {
  for (const { name, resources } of stages) {
    const [mapping = ''] = idsOf(resources, 'AWS::Lambda::EventSourceMapping');
    const before = ancestors(resources, mapping);
    const others = Object.keys(resources).filter((id) => id !== mapping && !before.has(id));
    const kinds = new Set(others.map((id) => resources[id]?.Type));
    deepStrictEqual(
      [...kinds].sort(),
      ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'],
      name,
    );
    // An alarm of the function's own metrics has no reason to wait.
    for (const id of others)
      deepStrictEqual([id, ancestors(resources, id).has(mapping)], [id, true], name);
  }
});

test('the function that makes tables runs when every rule of its security groups, and every endpoint, is made', () => {
  let seen = 0;
  for (const { name, resources } of stages)
    for (const tables of idsOf(resources, 'Custom::CassandraTables')) {
      const before = ancestors(resources, tables);
      const network = Object.keys(resources).filter(
        (id) =>
          resources[id]?.Type.startsWith('AWS::EC2::') &&
          // It is the group of another function.
          !id.startsWith('OperateGroup'),
      );
      deepStrictEqual(
        network.filter((id) => !before.has(id)),
        [],
        name,
      );
      seen += network.length;
    }
  // CloudFormation deletes in the reverse order, so the network also stays open until the resource is gone.
  deepStrictEqual(seen > 0, true);
});

test('a table of Keyspaces is made after its keyspace, which it names without a reference', () => {
  for (const { name, resources } of stages) {
    const [keyspace] = idsOf(resources, 'AWS::Cassandra::Keyspace');
    for (const table of idsOf(resources, 'AWS::Cassandra::Table'))
      deepStrictEqual(ancestors(resources, table).has(keyspace ?? ''), true, name);
  }
});

// A version with a new column would miss it in the table until the table is altered.
test('the function is made and updated after the tables that it writes', () => {
  let seen = 0;
  for (const { name, resources } of stages) {
    const [mapping = ''] = idsOf(resources, 'AWS::Lambda::EventSourceMapping');
    const properties = resources[mapping]?.Properties as { FunctionName: { Ref: string } };
    const before = ancestors(resources, properties.FunctionName.Ref);
    const tables = ['AWS::Cassandra::Table', 'Custom::CassandraTables'].flatMap((type) =>
      idsOf(resources, type),
    );
    deepStrictEqual(
      tables.filter((id) => !before.has(id)),
      [],
      name,
    );
    seen += tables.length;
  }
  ok(seen > 0);
});

import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsPerson } from '../../../../cli/forget/mentions-person.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import { encode } from '../../../support/avro.ts';
import { recordAt } from '../../../support/candidates.ts';
import { confluent, decoderOf } from '../../../support/writers.ts';

const user = '6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11';
const other = '11111111-1111-4111-8111-000000000001';
const bytes = Buffer.from(user.replaceAll('-', ''), 'hex');

const mentions = mentionsPerson(user, decoderOf({}));

test('a record is a person’s where its bytes have the id: as text in any case, or as sixteen bytes, in value, key or header', async () => {
  const around = (id: Buffer): Buffer => Buffer.concat([Buffer.of(1, 2), id, Buffer.of(3)]);
  for (const id of [Buffer.from(user), Buffer.from(user.toUpperCase()), bytes]) {
    strictEqual(await mentions(recordAt(0, { value: around(id) })), 'yes');
    strictEqual(await mentions(recordAt(0, { value: null, key: around(id) })), 'yes');
    const headers = [{ name: 'who', value: around(id) }];
    strictEqual(await mentions(recordAt(0, { headers })), 'yes');
  }
});

test('a record of another person, or of none, is not the person’s', async () => {
  strictEqual(await mentions(recordAt(0, { value: encode({ user_id: other }) })), 'no');
  strictEqual(await mentions(recordAt(0, { value: null })), 'no');
  strictEqual(await mentions(recordAt(0, { value: Buffer.from('broken') })), 'no');
});

test('a record whose schema cannot be had is nobody’s for sure', async () => {
  const value = confluent(7, encode({ user_id: other }));
  const registry = {
    fetch: async () => {
      throw new UnavailableError('the registry does not answer');
    },
  };
  const asked = mentionsPerson(user, decoderOf({}, { registry: 'confluent' }, registry));
  strictEqual(await asked(recordAt(0, { value })), 'unknown');
});

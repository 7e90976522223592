import fc from 'fast-check';
import {
  type FieldType,
  publishedFields,
  type SchemaField,
} from '../../cli/verify/rules/schema-fields.ts';
import { eventId, userId } from '../support/avro.ts';
import { changeOfBytes, faults } from './avro-bytes.ts';

/** The sources of values of any type: right for some fields and wrong for others. */
const anySource = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '{}', '[]', '""', '0', '-0', '1.0', '1e3', '{"a":{}}'),
  fc.constantFrom('9007199254740993', '1e999', '01', '+1', '-', '"\\ud800"', '"\\u00"', 'nul'),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
);

/** A text as JSON writes it, with escapes that need not be. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((value) => JSON.stringify(value)),
  fc.constantFrom('"\\u0061"', '"\\/"', '"\\ud83e\\udd8a"', '"🦊"', '"\u2028"', '"__proto__"'),
);

const uuid = (valid: string) =>
  fc.constantFrom(
    `"${valid}"`,
    `"${valid.toUpperCase()}"`,
    `"\\u003${valid[0]}${valid.slice(1)}"`,
    '"none"',
  );

const time = fc.oneof(
  fc.nat(4_102_444_800_000).map((value) => `${value}`),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4_102_444_800_000) })
    .map((date) => JSON.stringify(date.toISOString())),
  fc.constantFrom(
    '"2026-03-10T12:00:00+01:00"',
    '"2024-02-30T00:00:00Z"',
    '"2026-03-10T12:00:00"',
    '"2026-03-10T12:00:00.1234567\\u005a"',
    '1700000000000000',
    '1700000000.5',
    '-62135596800001',
  ),
);

const entries = fc
  .array(fc.tuple(text, fc.oneof({ weight: 30, arbitrary: text }, anySource)), { maxLength: 20 })
  .map((given) => `{${given.map((entry) => entry.join(':')).join(',')}}`);

const sources: { readonly [T in FieldType]: fc.Arbitrary<string> } = {
  uuid: uuid(eventId),
  string: text,
  time,
  long: fc.oneof(
    fc.maxSafeInteger().map((value) => `${value}`),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map((value) => `"${value}"`),
  ),
  int: fc.integer({ min: -(2 ** 32), max: 2 ** 32 }).map((value) => `${value}`),
  boolean: fc.boolean().map((value) => `${value}`),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `${value}`),
  bytes: fc
    .uint8Array({ maxLength: 20 })
    .map((bytes) => `"${Buffer.from(bytes).toString('base64')}"`),
  map: entries,
};

const sourceOf = ({ name, type, nullAt }: SchemaField): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: name === 'user_id' ? uuid(userId) : sources[type] },
    { weight: nullAt === null ? 0 : 10, arbitrary: fc.constant('null') },
    { weight: 1, arbitrary: anySource },
  );

type Member = readonly [key: string, source: string];

const members: fc.Arbitrary<readonly Member[]> = fc
  .tuple(...publishedFields.map(sourceOf))
  .map((given) =>
    given.map((source, index) => [`"${publishedFields[index]?.name}"`, source] as const),
  );

/** Changes of the members: one is left out, stands twice, has another key or goes last. */
const changeOfMembers: fc.Arbitrary<(given: readonly Member[]) => readonly Member[]> = fc
  .tuple(
    fc.nat(20),
    fc.constantFrom('out', 'twice', 'key', 'last'),
    fc.constantFrom('""', '"x"', '"user\\u005fid"', '"metadata"'),
  )
  .map(([index, change, key]) => (given: readonly Member[]) => {
    const at = index % Math.max(1, given.length);
    const member = given[at];
    if (member === undefined || change === 'out') return given.toSpliced(at, 1);
    if (change === 'twice') return [...given, member];
    if (change === 'key') return given.with(at, [key, member[1]]);
    return [...given.toSpliced(at, 1), member];
  });

const space = fc.constantFrom('', '', '', '', ' ', '\n', '\t\r ', '\u00a0');

/** The plain JSON of events, with faults in its members and its bytes. */
export const jsonBytes: fc.Arbitrary<Buffer> = fc
  .tuple(members, faults(changeOfMembers), space, space, faults(changeOfBytes))
  .map(([given, ofMembers, inside, behind, ofBytes]) => {
    const changed = ofMembers.reduce((before, change) => change(before), given);
    const parts = changed.map(([key, source]) => `${key}:${inside}${source}`);
    const bytes = Buffer.from(`{${parts.join(`,${inside}`)}}${behind}`);
    return ofBytes.reduce<Buffer>((before, change) => change(before), bytes);
  });

import type { FieldType, SchemaField } from '../../cli/verify/rules/schema-fields.ts';
import type { Random } from './random.ts';

/**
 * Makes random values for the fields that the generator does not know by name, in avsc's form. A nullable field is null half of
 * the time.
 */
export const makeOtherFields = (
  fields: readonly SchemaField[],
  random: Random,
): Record<string, unknown> =>
  Object.fromEntries(
    fields.map(({ name, type, nullAt }) => [
      name,
      nullAt !== null && random.chance(5_000) ? null : makers[type](random),
    ]),
  );

const text = (random: Random): string =>
  random.oneOf(['', 'ξ', '🦊 a', random.bytes(random.between(1, 20)).toString('hex')]);

const uuid = (random: Random): string => {
  const hex = random.bytes(16).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
};

const makers: { readonly [T in FieldType]: (random: Random) => unknown } = {
  uuid,
  string: text,
  time: (random) => random.between(-62_135_596_800_000, 253_402_300_799_999),
  // avsc encodes only longs that a number holds exactly.
  long: (random) => random.between(-(2 ** 52), 2 ** 52),
  int: (random) => random.between(-(2 ** 31), 2 ** 31 - 1),
  boolean: (random) => random.chance(5_000),
  double: (random) => random.between(-1_000_000, 1_000_000) / 64,
  bytes: (random) => random.bytes(random.between(0, 20)),
  map: (random) =>
    Object.fromEntries(
      Array.from({ length: random.between(0, 3) }, (_, index) => [`k${index}`, text(random)]),
    ),
};

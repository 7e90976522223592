import { expectedBy } from '../../cli/verify/rules/expected.ts';
import { type FieldType, publishedFields } from '../../cli/verify/rules/schema-fields.ts';
import published from '../../schema/user-event.avsc.json' with { type: 'json' };
import writerSchemas from '../../schema/writer-schemas.json' with { type: 'json' };
import type { EncodedEvent } from './generated-record.ts';
import { type Encode, encodeAvro } from './generator.ts';

/** A wire format that the generator writes. */
interface Format {
  readonly encode: Encode;
  /** The schemas that the values name, by their ids in a registry; null where they name none. */
  readonly schemas: Readonly<Record<number, object>> | null;
}

/** The id of the published schema in the registry of a run: the first that `schema/writer-schemas.json` does not list. */
const schemaId = Array.from({ length: 1_000 }, (_, index) => index + 1).find(
  (id) => !Object.hasOwn(writerSchemas, id),
) as number;

const header = Buffer.alloc(5);
header.writeUInt32BE(schemaId, 1);

const jsonOf: { readonly [T in FieldType]?: (value: never) => unknown } = {
  bytes: (value: Buffer) => value.toString('base64'),
};

/** The last millisecond that a time as text has: it has four digits of a year. */
const lastInText = 253_402_300_799_999;

/** Encodes an event as plain JSON; every second time as text. */
const encodeJson: Encode = (event: EncodedEvent) => {
  const json = Object.fromEntries(
    publishedFields.map(({ name, type }) => {
      const value = event[name];
      const toJson = value === null ? undefined : jsonOf[type];
      return [name, toJson === undefined ? value : toJson(value as never)] as const;
    }),
  );
  const { event_time } = event;
  const isText = event_time % 2 === 0 && event_time <= lastInText;
  return Buffer.from(
    JSON.stringify(isText ? { ...json, event_time: new Date(event_time).toISOString() } : json),
  );
};

/** The wire formats that the generator writes, as `npm start -- --format` names them. */
export const formats = {
  avro: { encode: encodeAvro, schemas: null },
  confluent: {
    encode: (event) => Buffer.concat([header, encodeAvro(event)]),
    schemas: { [schemaId]: published },
  },
  json: { encode: encodeJson, schemas: null },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

/** Finds a format by its name. */
export const formatOf = (name: FormatName): Format => formats[name];

/** Makes the reader of values that a run expects. */
export const expectedIn = ({ schemas }: Format): ReturnType<typeof expectedBy> =>
  expectedBy({ ...writerSchemas, ...schemas });

/** A record as Kafka keeps it: any bytes. */
export interface SourceRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In their order; a name may come twice. */
  readonly headers: readonly (readonly [name: Buffer | null, value: Buffer | null])[];
}

/** How a null key or value is written. AWS leaves the field out; some libraries were seen to be given `null`. */
export type Nulls = 'absent' | 'null';

/** The JSON text of a record in Lambda's Kafka event. https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html */
export const toRecordJson = (record: SourceRecord, nulls: Nulls = 'absent'): string =>
  `{"topic":${JSON.stringify(record.topic)},"partition":${record.partition},"offset":${record.offset}` +
  `,"timestamp":${record.timestamp},"timestampType":"${record.timestampType}"` +
  bytesField('key', record.key, nulls) +
  bytesField('value', record.value, nulls) +
  `,"headers":${record.headers.length === 0 ? '[]' : headersJson(record.headers)}}`;

// Base64 needs no escaping, which is why the text is put together by hand: it is half the time of JSON.stringify.
const bytesField = (name: string, bytes: Buffer | null, nulls: Nulls): string => {
  if (bytes !== null) return `,"${name}":"${bytes.toString('base64')}"`;
  return nulls === 'null' ? `,"${name}":null` : '';
};

const headersJson = (headers: SourceRecord['headers']): string =>
  `[${headers
    .map(([name, value]) => {
      // Java's bytes are signed: 0xc3 is -61.
      const bytes = value === null ? 'null' : `[${new Int8Array(value).join(',')}]`;
      return `{${JSON.stringify(name?.toString() ?? '')}:${bytes}}`;
    })
    .join(',')}]`;

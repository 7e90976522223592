import { ArenaRecord } from '../../functions/ingest/bytes/arena-record.ts';
import { absent } from '../../functions/ingest/bytes/base64-arena.ts';
import type { ByteRange } from '../../functions/ingest/bytes/byte-range.ts';
import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';

const before = Buffer.from('48', 'hex');
/** Bytes after a value that would complete a truncated one: lengths, texts and the end of a map. */
const behind = Buffer.from('02610262000000000000000000000000', 'hex');

/** Puts a value between other bytes, as in a batch. A reader that goes beyond the value is found out. */
export const within = (value: Buffer): ByteRange => ({
  bytes: Buffer.concat([before, value, behind]),
  start: before.length,
  end: before.length + value.length,
});

/** Makes a record whose value lies between other bytes. */
export const recordWithin = (value: Buffer, headers: readonly Header[] = []): ArenaRecord =>
  new ArenaRecord('events', 0, 0, 1_700_000_000_000, headers, undefined, {
    ...within(value),
    keyStart: absent,
  });

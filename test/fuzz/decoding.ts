import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import avro from 'avsc';
import { expectedOf } from '../../cli/verify/rules/expected.ts';
import { publishedFields } from '../../cli/verify/rules/schema-fields.ts';
import { JsonReader } from '../../functions/ingest/avro/plain-json/json-reader.ts';
import { parseReader, resolveWriter } from '../../functions/ingest/avro/resolve-writer.ts';
import { EventScanner } from '../../functions/ingest/avro/scan/event-scanner.ts';
import type { ScanProgram } from '../../functions/ingest/avro/scan/scan-program.ts';
import type { ByteRange } from '../../functions/ingest/bytes/byte-range.ts';
import { eventRows } from '../../functions/ingest/cassandra/rows/event-rows.ts';
import { type Rejection, reasons } from '../../functions/ingest/event/rejection.ts';
import type { Decoded, FieldValues, UserEvent } from '../../functions/ingest/event/user-event.ts';
import published from '../../schema/user-event.avsc.json' with { type: 'json' };
import type { Fields } from '../support/avro.ts';
import { decodeUnscanned, layout, toEvent } from '../support/events.ts';
import { within } from '../support/within.ts';
import { avscs, ours, withBoundedReads, withBoundedWork } from './bounded-work.ts';

const scanner = new EventScanner(layout);
const program = resolveWriter(parseReader(layout.plan), layout).program as ScanProgram;
const rowsOf = eventRows(layout);
const json = new JsonReader(layout);

const uuids = publishedFields.filter(({ type }) => type === 'uuid').map(({ name }) => name);

/** Normalizes the uuids of a decoded event. */
const normal = (values: FieldValues): FieldValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && uuids.includes(name) ? value.toLowerCase() : value,
    ]),
  );

/**
 * Checks a law: any bytes are an event or a rejection with a reason, in no more steps than bytes. The result is that of the reader in
 * `cli/verify/rules/expected.ts`, and that of avsc alone where avsc reads correctly.
 * @returns the fate of the bytes.
 */
export const readsLikeTheOthers = (value: Buffer): string => {
  const decoded = withBoundedWork(value.length, ours, () => decodeUnscanned(within(value)));
  const given = value[0] === openingBrace ? readJson(value) : toEvent(decoded);
  const expected = expectedOf(value);
  if (given.kind === 'rejected') {
    ok(reasons.includes(given.reason) && given.detail.length < 200);
    strictEqual(given.reason, 'reason' in expected ? expected.reason : 'an event');
  } else {
    deepStrictEqual(
      given.toObject(),
      'event' in expected ? normal(expected.event) : expected.reason,
    );
  }
  agreesWithAvscAlone(value, decoded);
  isScannedAlike(value, given);
  return given.kind === 'rejected' ? given.reason : 'event';
};

const openingBrace = 0x7b;

/** Reads plain JSON, each byte a few times at the most. */
const readJson = (value: Buffer): UserEvent | Rejection => {
  const { bytes, ...range } = within(value);
  const read = json.read({ bytes: withBoundedReads(bytes, value.length), ...range });
  // The reader turns a thrown error into a rejection, so the check stands here.
  ok(read.kind === 'event' || !read.detail.endsWith('that cannot be read'));
  return read;
};

/** Checks that a scanned value is an event for the general decoder too, with the same fields and the same bytes of a row. */
const isScannedAlike = (value: Buffer, given: UserEvent | Rejection): void => {
  const span = within(value);
  const counted = scan({ ...span, bytes: withBoundedReads(span.bytes, value.length) }, 0);
  const framed = Buffer.concat([Buffer.alloc(5), value]);
  for (const scanned of [scan(span, 0), scan(within(framed), 5)]) {
    strictEqual(scanned === null, counted === null);
    if (scanned === null) continue;
    ok(given.kind !== 'rejected', 'what is scanned is none to the decoder of all values');
    deepStrictEqual(scanned.toObject(), given.toObject());
    strictEqual(scanned.rowKey, given.rowKey);
    deepStrictEqual(rowBytes(scanned), rowBytes(given));
  }
};

const scan = (span: ByteRange, before: number) => scanner.scan(program, span, span.start + before);

const rowBytes = (event: UserEvent): Buffer[] => {
  const rows = rowsOf([{ event }]);
  const bytes = Buffer.alloc(rows.requestBytes(0));
  rows.encode(0, bytes, 0);
  return [bytes, rows.routingKey(0)];
};

const agreesWithAvscAlone = (value: Buffer, given: Decoded | Rejection): void => {
  const alone = readByAvscAlone(value);
  if (alone === null) {
    // avsc throws on times beyond ±2^53.
    ok(
      given.kind === 'rejected' || Math.abs(Number(given.values['event_time'])) >= 2 ** 52,
      'avsc alone cannot read it',
    );
    return;
  }
  if (given.kind === 'rejected') {
    ok(
      /is not UTF-8|more than 10 bytes|more than 64 bits/.test(given.detail),
      `avsc alone reads it: ${given.detail}`,
    );
    return;
  }
  const { event_time, metadata, ...rest } = given.values;
  const { event_time: time, metadata: entries, ...others } = alone;
  // avsc has no place for the key `__proto__`, and the wrong sign for times beyond ±2^52.
  deepStrictEqual(
    [...(metadata as ReadonlyMap<string, string>)].filter(([key]) => key !== '__proto__').sort(),
    Object.entries(entries).sort(),
  );
  deepStrictEqual(rest, others);
  if (Math.abs(Number(event_time)) < 2 ** 52) strictEqual(event_time, time);
};

const avscType = avro.Type.forSchema(published as avro.Schema);

/** Reads a value by avsc's own types; null if avsc does not read it. */
const readByAvscAlone = (value: Buffer): Fields | null => {
  try {
    return { ...withBoundedWork(value.length, avscs, () => avscType.fromBuffer(value)) };
  } catch {
    return null;
  }
};

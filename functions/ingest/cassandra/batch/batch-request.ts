import { types } from 'cassandra-driver';
import { wordsOf } from '../../bytes/words.ts';
import { type DefaultExecutionOptions, Request } from '../driver-private.ts';
import type { RowBatch } from '../rows/rows.ts';
import type { BufferPool } from './buffer-pool.ts';

const opcode = 0x0d;
const headerBytes = 9;
const unlogged = 1;
const prepared = 1;
const withTimestamp = 0x20;

/**
 * The request of an unlogged batch of rows of one prepared statement, written as one buffer: the driver's own makes a
 * buffer of each length and each value. Everything else is the driver's: connections, routing, timeouts, preparing again.
 * Native protocol v3 and v4, §4.1.7.
 */
export class BatchRequest extends Request {
  readonly queryId: Buffer;
  /** The rows; null when they are let go of. */
  batch: RowBatch | null;
  readonly timestamp: types.Long | null;
  override consistency: number;
  /** Bytes of the body, once it is written; for the driver. */
  length = 0;
  readonly #pool: BufferPool;
  /** A buffer for each time that the request was written: the driver may ask another node. */
  readonly #buffers: Buffer[] = [];

  constructor(
    queryId: Buffer,
    batch: RowBatch | null,
    { timestamp, consistency }: { timestamp: types.Long | null; consistency: number },
    pool: BufferPool,
  ) {
    super();
    this.#pool = pool;
    this.queryId = queryId;
    this.batch = batch;
    this.timestamp = timestamp;
    this.consistency = consistency;
  }

  /** Makes a request with the timestamp and the consistency of the driver's options. */
  static create(
    queryId: Buffer,
    batch: RowBatch,
    options: DefaultExecutionOptions,
    pool: BufferPool,
  ): BatchRequest {
    const timestamp = options.getOrGenerateTimestamp();
    const consistency = options.getConsistency();
    return new BatchRequest(queryId, batch, { timestamp, consistency }, pool);
  }

  /** Writes the request, into another buffer for each call: the last one may still wait in the socket it was written to. */
  write({ protocolVersion }: { readonly protocolVersion: number }, streamId: number): Buffer {
    if (
      protocolVersion !== types.protocolVersion.v3 &&
      protocolVersion !== types.protocolVersion.v4
    )
      throw new Error(`batches are written for protocol v3 and v4, not ${protocolVersion}`);
    const { queryId, batch, timestamp } = this;
    if (batch === null) throw new Error('a batch that was answered is not written again');
    const { rows, indexes } = batch;
    const statement = statementOf(queryId, rows.columns);
    const tail = 2 + 1 + (timestamp === null ? 0 : 8);
    let length = 1 + 2 + tail;
    for (const index of indexes) length += statement.length + rows.requestBytes(index);
    this.length = length;

    const buffer = this.#pool.acquire(headerBytes + length);
    this.#buffers.push(buffer);
    const frame = buffer.subarray(0, headerBytes + length);
    frame[0] = protocolVersion;
    frame[1] = 0;
    frame.writeInt16BE(streamId, 2);
    frame[4] = opcode;
    frame.writeInt32BE(length, 5);
    frame[9] = unlogged;
    frame.writeUInt16BE(indexes.length, 10);
    const words = wordsOf(frame);
    let at = 12;
    for (const index of indexes) {
      frame.set(statement, at);
      at += statement.length;
      at = rows.encode(index, frame, at, words);
    }
    frame.writeUInt16BE(this.consistency, at);
    frame[at + 2] = timestamp === null ? 0 : withTimestamp;
    if (timestamp !== null) {
      frame.writeInt32BE(timestamp.getHighBits(), at + 3);
      frame.writeInt32BE(timestamp.getLowBits(), at + 7);
    }
    return frame;
  }

  /**
   * Lets go of the rows once there is an answer, and none of it is written again. The driver has its requests in a Map by
   * connection, and V8 links a Map's outgrown tables to their successors, dead ones too: every row of many batches would come
   * into the old generation, and stay until all of it is collected.
   * @param answered true if the server answered: the buffer, where there was one alone, has been sent and can be used again.
   */
  recycle(answered: boolean): void {
    this.batch = null;
    const [buffer, ...others] = this.#buffers.splice(0);
    if (answered && buffer !== undefined && others.length === 0) this.#pool.release(buffer);
  }

  override clone(): this {
    return new BatchRequest(this.queryId, this.batch, this, this.#pool) as this;
  }
}

/** Makes the beginning of each row of a batch: the id of its statement, and how many values follow. */
const statementOf = (queryId: Buffer, columns: number): Buffer => {
  const bytes = Buffer.allocUnsafe(1 + 2 + queryId.length + 2);
  bytes[0] = prepared;
  bytes.writeUInt16BE(queryId.length, 1);
  bytes.set(queryId, 3);
  bytes.writeUInt16BE(columns, 3 + queryId.length);
  return bytes;
};

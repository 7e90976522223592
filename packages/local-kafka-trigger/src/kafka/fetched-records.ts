import type { SourceRecord } from '../mapping/record-json.ts';
import type { FetchResponsePartition, RecordsBatch } from './topic-reader.ts';

const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;

export interface Fetched {
  readonly records: readonly SourceRecord[];
  /** The offset of the next fetch: after transaction markers and compacted offsets, which have no records. */
  readonly nextOffset: bigint;
  /** The offsets of transaction markers and of aborted records, in order: each range has its first offset, and the one after its last. */
  readonly hidden: readonly (readonly [first: number, end: number])[];
}

/**
 * Extracts the records of a fetch response from an offset on. A broker answers with whole batches, which may begin before the
 * offset, and with the records of aborted transactions, which are left out.
 */
export const fetchedRecords = (
  topic: string,
  response: FetchResponsePartition,
  from: bigint,
): Fetched => {
  const partition = response.partitionIndex;
  const records: SourceRecord[] = [];
  let nextOffset = from;
  for (const batch of withoutAborted(response)) {
    const end = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
    if (end > nextOffset) nextOffset = end;
    if (batch.visible === false) continue;
    const atAppend = (batch.attributes & LOG_APPEND_TIME) !== 0;
    const firstOffset = Number(batch.firstOffset);
    const timestamp = Number(atAppend ? batch.maxTimestamp : batch.firstTimestamp);
    for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
      const offset = firstOffset + offsetDelta;
      if (offset < from) continue;
      records.push({
        topic,
        partition,
        offset,
        timestamp: atAppend ? timestamp : timestamp + Number(timestampDelta),
        timestampType: atAppend ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
        key,
        value,
        headers,
      });
    }
  }
  return { records, nextOffset, hidden: hiddenIn(response) };
};

/**
 * Finds the offsets that a transaction hides. The client has taken out the batches of an aborted transaction whose marker is in the
 * response: all that is missing before the marker counts as theirs.
 */
const hiddenIn = (response: FetchResponsePartition): [number, number][] => {
  const ranges: [number, number][] = [];
  for (const { producerId, firstOffset } of response.abortedTransactions ?? []) {
    const marker = response.records?.find(
      (batch) =>
        isAbort(batch) && batch.producerId === producerId && batch.firstOffset > firstOffset,
    );
    if (marker !== undefined) ranges.push([Number(firstOffset), Number(marker.firstOffset)]);
  }
  for (const { visible, firstOffset, lastOffsetDelta } of withoutAborted(response))
    if (!visible) ranges.push([Number(firstOffset), Number(firstOffset) + lastOffsetDelta + 1]);
  const merged: [number, number][] = [];
  for (const [first, end] of ranges.sort(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last === undefined || first > last[1]) merged.push([first, end]);
    else last[1] = Math.max(last[1], end);
  }
  return merged;
};

const isAbort = ({ attributes, records: [first] }: RecordsBatch): boolean =>
  (attributes & CONTROL) !== 0 && first?.key?.readInt16BE(2) === 0;

/**
 * Leaves out aborted transactions as Kafka's own consumer does: a producer's batches are aborted from the first offset named
 * until its marker.
 */
function* withoutAborted({
  records,
  abortedTransactions,
}: FetchResponsePartition): Generator<RecordsBatch & { readonly visible: boolean }> {
  const begin = (abortedTransactions ?? []).toSorted((a, b) =>
    Number(a.firstOffset - b.firstOffset),
  );
  const aborting = new Set<bigint>();
  for (const batch of records ?? []) {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    for (let next = begin[0]; next !== undefined && next.firstOffset <= last; next = begin[0]) {
      aborting.add(next.producerId);
      begin.shift();
    }
    const control = (batch.attributes & CONTROL) !== 0;
    const transactional = (batch.attributes & TRANSACTIONAL) !== 0;
    if (isAbort(batch)) aborting.delete(batch.producerId);
    yield {
      ...batch,
      visible: !control && !(transactional && aborting.has(batch.producerId)),
    };
  }
}

import type { Span } from '../../functions/ingest/bytes/byte-range.ts';

const before = Buffer.from('48', 'hex');
/** What would go on with a value that is cut short: lengths, texts and the end of a map. */
const behind = Buffer.from('02610262000000000000000000000000', 'hex');

/** A value between bytes that are not its own, as those of a batch lie: whoever reads those too is found out. */
export const within = (value: Buffer): Span => ({
  bytes: Buffer.concat([before, value, behind]),
  start: before.length,
  end: before.length + value.length,
});

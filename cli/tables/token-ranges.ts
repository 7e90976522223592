import type { Client } from 'cassandra-driver';

/** A range of tokens: after the first, up to and with the last. */
export interface TokenRange {
  readonly after: bigint;
  readonly upTo: bigint;
}

/** The ranges that the tokens are cut into. A read of each is short enough to be answered in time. */
const ranges = 256n;

const least = -(2n ** 63n);
const all = 2n ** 64n;

/** Cuts all tokens into ranges; one range without bounds, null, where the tokens are not those of Murmur3. */
export const tokenRanges = async (client: Client): Promise<(TokenRange | null)[]> => {
  const { rows } = await client.execute('SELECT partitioner FROM system.local', [], {
    prepare: false,
  });
  if (!String(rows[0]?.['partitioner']).endsWith('.Murmur3Partitioner')) return [null];
  return Array.from({ length: Number(ranges) }, (_, index) => ({
    after: least + (all / ranges) * BigInt(index),
    upTo: least + (all / ranges) * BigInt(index + 1) - (index + 1 === Number(ranges) ? 1n : 0n),
  }));
};

/**
 * The longest text that is part of a row's key, in bytes of UTF-8. All clustering columns of an Amazon Keyspaces row together may
 * have 850 bytes (its page "Quotas"); the time and a uuid take 24 of them.
 */
export const longestKeyText = 800;

/**
 * The most entries of a map. Each is a cell of the row: for one with hundreds of thousands Cassandra needs longer than a request may
 * take, so that it would fail until the time is up, and all of its partition behind it. A collection had no more than these in
 * Cassandra's protocol before version 3.
 */
export const mostEntries = 65_535;

/**
 * The longest text in a row's key, in bytes of UTF-8. Amazon Keyspaces allows 850 bytes for all clustering columns of a row
 * together (its page "Quotas"); the time and a uuid take 24 of them.
 */
export const longestKeyText = 800;

/**
 * The most entries of a map. Each entry is a cell of the row. Cassandra needs longer than a request may take for hundreds of
 * thousands of cells: such a row would fail until the time is up, and hold up the rest of its partition. Cassandra's protocol
 * before version 3 had this limit for collections.
 */
export const mostEntries = 65_535;

/**
 * The meaning of the server's message about a request that it calls invalid (0x2200).
 * `row`: this row is never accepted (of several rows, at least one, or their sum).
 * `state`: no row is accepted until an operator has changed the table, a setting or the server.
 * `unknown`: the message is unknown, and only other rows of the same statement can tell.
 */
export type Refusal =
  | { readonly of: 'row'; readonly detail: string }
  | {
      readonly of: 'state';
      /** The server's words, or a part of them, without contents of rows. */
      readonly words: string;
      /** The remedy for an operator. */
      readonly help: string;
      /**
       * The last expiry that the server can store, in seconds since the epoch; absent where the refusal is not about an expiry.
       */
      readonly latestExpiry?: number;
    }
  | { readonly of: 'unknown' };

/**
 * The last expiry that Cassandra below 5.0 can store, 2038-01-19T03:14:06Z, in seconds. It also applies to 5.0 unless
 * storage_compatibility_mode is NONE.
 */
export const latestExpiryOfOldServers = 2 ** 31 - 2;

/**
 * The guardrails of Cassandra 4.1 and 5.0 that a single row can violate (org.apache.cassandra.db.guardrails.Guardrails). All
 * other guardrails are about the statement, the table or the node.
 */
const guardrailOfRows =
  /^(column_(\w+_)?value_size|collection_(\w+_)?size|items_per_\w+|sai_(string|frozen)_term_size)$/;

const guardrail = /^Guardrail (\S+) violated/;

/**
 * The messages about limits of rows and requests. Each is matched from its beginning, because its end may hold texts of a row.
 */
const rowMessages: readonly (readonly [RegExp, detail: string])[] = [
  // The message comes from Cassandra 5.0, and from 4.x as a server error.
  [/^Rejected an oversized mutation|^.{0,100}\bMutation of .{1,40} is too large/s, 'as too large'],
  // The message comes from Amazon Keyspaces, above 1 MB.
  [/^The update would cause the row to exceed the maximum allowed size/i, 'as too large'],
  // The messages come from Cassandra, ScyllaDB, and the clustering columns of Cassandra 4.x.
  [/^Key length of \d+ is longer than/, 'for its partition key is too long'],
  [/^Key size too large/, 'for its partition key is too long'],
  [/^The sum of all clustering columns is too long/, 'for its clustering key is too long'],
  [/^Key may not be (empty|unset)/, 'for its partition key is empty'],
  // The messages are about indexes that an operator has added.
  [
    /^(Cannot index value of size|Term of column \S+ exceeds the byte limit)/,
    'for a value is too large for its index',
  ],
  // Cassandra says this only of several rows: one row alone is no batch.
  [/^Batch too large|^Batches with more than \d+ statements/, 'in so large a batch'],
];

const missing = 'create it with the statements of schema/tables.cql; the records wait for it';
const changed =
  'compare the table with schema/tables.cql and correct the difference; the records wait for it';
const unsupported =
  'no row can be written: check that the server is Apache Cassandra 4 or 5 or Amazon Keyspaces, and that the CASSANDRA_ ' +
  'variables fit it';

/** The messages about the schema and the server, which hold no contents of rows, with their remedies. */
const stateMessages: readonly (readonly [RegExp, help: string])[] = [
  [/^unconfigured (table|columnfamily|keyspace)\b/i, missing],
  [/^(the )?(table|keyspace) \S+ does(n't| not) exists?/i, missing],
  [/^undefined (column )?name\b|^unknown identifier\b/i, changed],
  [/^some (partition key parts|clustering keys) are missing|^missing mandatory/i, changed],
  [
    /^expected (at least )?\d+|^(unexpected )?extraneous bytes|^not enough bytes|^string didn't validate|^UUID should be|^invalid remaining data|^null value read when not allowed/i,
    changed,
  ],
  [
    /^(ANY )?consistency level \w+ |^write consistency|^invalid empty consistency level/i,
    unsupported,
  ],
];

/** The messages about whole statements. They may have any length, so that they are not repeated. */
const unsupportedMessages =
  /^(only [\w ]{1,40} (is|are) supported|[\w ,.'()-]{1,80} (is|are) (currently )?not (yet )?(supported|enabled|allowed)\b|unsupported\b|cannot (execute|use|modify)\b|cannot include\b)/i;

/**
 * Interprets the message of a server that called a request invalid.
 * @param now milliseconds since the epoch, for the days that a TTL may have today.
 */
export const readRefusal = (message: string, now = Date.now()): Refusal => {
  for (const [pattern, detail] of rowMessages)
    if (pattern.test(message)) return { of: 'row', detail };
  const [, guard] = guardrail.exec(message) ?? [];
  if (guard !== undefined) return guardrailRefusal(guard);
  const expiry = readExpiry(message, now);
  if (expiry !== null) return expiry;
  for (const [pattern, help] of stateMessages)
    if (pattern.test(message)) return { of: 'state', words: message.slice(0, 300), help };
  if (unsupportedMessages.test(message))
    return { of: 'state', words: 'the statement is not supported', help: unsupported };
  return { of: 'unknown' };
};

const guardrailRefusal = (name: string): Refusal =>
  guardrailOfRows.test(name)
    ? { of: 'row', detail: `by its guardrail ${name}` }
    : {
        of: 'state',
        words: `the server’s guardrail ${name} is violated`,
        help: 'raise this setting of cassandra.yaml, or correct what it guards against',
      };

/** Cassandra's message about an expiry that it cannot store, from `USING TTL` or from the table's default. */
const lateExpiryMessage =
  /^Request on table (\S+) with (default )?ttl of (\d+) seconds exceeds maximum supported expiration date(?: of ([\dT:+Z-]+))?/i;

const readExpiry = (message: string, now: number): Refusal | null => {
  const found = lateExpiryMessage.exec(message);
  if (found === null) {
    return /^ttl is too large/i.test(message)
      ? { of: 'state', words: message.slice(0, 100), help: 'lower REJECTED_TTL_DAYS' }
      : null;
  }
  const [words, table, byDefault, , date = ''] = found;
  const parsed = Math.floor(Date.parse(date) / 1000);
  const latestExpiry = Number.isNaN(parsed) ? latestExpiryOfOldServers : parsed;
  const seconds = Math.max(0, latestExpiry - Math.ceil(now / 1000));
  const days = Math.floor(seconds / 86_400);
  return {
    of: 'state',
    words,
    latestExpiry,
    help:
      byDefault === undefined
        ? `lower REJECTED_TTL_DAYS below ${days}`
        : `lower sink.tables.userEventsTtlDays well below ${days} (today’s most, and one less each day), and run ` +
          `ALTER TABLE ${table} WITH default_time_to_live = <its seconds>`,
  };
};

/** What the commands do that need a checkout: they run a pipeline, or a part of it, on this machine. */
export const localWords = {
  start: 'Produces events, runs them through the function into Cassandra, and compares every row',
  consume: 'Brings a topic of yours into Cassandra, through the function that would be deployed',
  produce: 'Writes events of a file to a topic',
  cql: 'Runs one CQL statement',
  invoke: 'Runs a saved Kafka event through the function',
  inspect: 'Shows what is on a topic, and what the function would make of it',
} as const;

export type LocalName = keyof typeof localWords;

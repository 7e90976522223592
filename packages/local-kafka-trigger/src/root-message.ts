/** Finds the innermost message of an error, as of the Kafka client, which wraps each error in the operation that failed. */
export const rootMessage = (error: unknown): string => {
  const { errors, cause, message } = error as Partial<AggregateError>;
  const inner: unknown = errors?.[0] ?? cause;
  return inner instanceof Error ? rootMessage(inner) : String(message).replace(/\.$/, '');
};

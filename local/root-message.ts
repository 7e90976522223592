/** What an error of the Kafka client comes down to: it wraps each in what was being done. */
export const rootMessage = (error: unknown): string => {
  const { errors, cause, message } = error as Partial<AggregateError>;
  const inner: unknown = errors?.[0] ?? cause;
  return inner instanceof Error ? rootMessage(inner) : String(message).replace(/\.$/, '');
};

/** The base of the errors that this function raises on purpose. Anything else that is thrown is a bug. */
export abstract class IngestError extends Error {
  /** True if the same input can succeed later: the record then waits for redelivery, and is not rejected. */
  abstract readonly retryable: boolean;
}

/**
 * The invocation's event is not a Kafka event. Nothing of it is handled; the invocation fails, so that whoever
 * sent it learns of it, and the event source mapping (should it ever be the sender) delivers it again.
 */
export class NotAKafkaEventError extends IngestError {
  override readonly name = 'NotAKafkaEventError';
  readonly retryable = true;
}

/**
 * Records of the batch have failed, and its event source mapping takes no partial batch response
 * (PARTIAL_RESPONSES=off): all of the batch is delivered again.
 */
export class BatchFailedError extends IngestError {
  override readonly name = 'BatchFailedError';
  readonly retryable = true;
}

/** The store did not answer, or could not do it now, and may in a moment: tried again while there is time. */
export class TransientError extends IngestError {
  override readonly name = 'TransientError';
  readonly retryable = true;
}

/** The service is asked too much: tried again as a TransientError, and never taken for an answer about what was asked. */
export class ThrottledError extends TransientError {}

/** The store will not do it before somebody has mended something (a login, a table): the record waits for redelivery. */
export class UnavailableError extends IngestError {
  override readonly name = 'UnavailableError';
  readonly retryable = true;
}

/** The store will never take this row (too big, a value it refuses): the record is rejected with the reason. */
export class RefusedError extends IngestError {
  override readonly name = 'RefusedError';
  readonly retryable = false;
}

/**
 * The store refused the request, in words that are not known here: it may be this row, or the state of the store. Whether
 * other rows of the same statement are accepted tells which it is (acceptances.ts).
 */
export class UnknownRefusalError extends IngestError {
  override readonly name = 'UnknownRefusalError';
  readonly retryable = true;
}

/** The invocation's time is nearly up, so this request was not begun: the record waits for redelivery. */
export class OutOfTimeError extends IngestError {
  override readonly name = 'OutOfTimeError';
  readonly retryable = true;
}

/** An earlier record of the partition has failed, so this one's write was not begun: it is redelivered with that one. */
export class BehindFailureError extends IngestError {
  override readonly name = 'BehindFailureError';
  readonly retryable = true;
}

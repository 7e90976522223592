import {
  type IngestError,
  ThrottledError,
  TransientError,
  UnavailableError,
} from '../pipeline/errors.ts';

/** The names of errors by which services throttle; the SDK marks only the errors in a service's model. */
const throttling = /throttl|TooManyRequests|LimitExceeded|SlowDown/i;

/** The part of an error's name by which a service reports a slow request; it blames the client. */
const requestTimeout = 'RequestTimeout';

/**
 * Decides whether an AWS client's error is temporary, or must wait until an operator has acted.
 * @param what the request, for the message.
 */
export const fromAwsError = (error: unknown, what: string): IngestError => {
  const { name, $fault, $retryable }: Record<string, unknown> = Object(error);
  const text = `${what}: ${describe(error)}`;
  if (throttling.test(String(name)) || Object($retryable).throttling === true)
    return new ThrottledError(text, { cause: error });
  return $fault === 'client' && $retryable === undefined && !String(name).includes(requestTimeout)
    ? new UnavailableError(text, { cause: error })
    : new TransientError(text, { cause: error });
};

/**
 * Describes an error without secrets. The error of an answer that is not JSON repeats the answer's beginning. The error of a
 * refused signature repeats the signed text, with the session's token.
 */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'no reason was given';
  return error instanceof SyntaxError || error.name.includes('Signature')
    ? error.name
    : `${error.name}: ${error.message}`;
};

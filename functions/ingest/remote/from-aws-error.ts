import {
  type IngestError,
  ThrottledError,
  TransientError,
  UnavailableError,
} from '../pipeline/errors.ts';

/** Services say by the error's name that they are asked too much; the SDK marks only what is in a service's model. */
const throttling = /throttl|TooManyRequests|LimitExceeded|SlowDown/i;

/** A service says that it waited for the request in vain, and calls it the client's fault. */
const waitedInVain = 'RequestTimeout';

/**
 * What an error of an AWS client means for the request: once more in a moment, or not before somebody has mended something.
 * @param what the request, for the message.
 */
export const fromAwsError = (error: unknown, what: string): IngestError => {
  const { name, $fault, $retryable }: Record<string, unknown> = Object(error);
  const text = `${what}: ${describe(error)}`;
  if (throttling.test(String(name)) || Object($retryable).throttling === true)
    return new ThrottledError(text, { cause: error });
  return $fault === 'client' && $retryable === undefined && !String(name).includes(waitedInVain)
    ? new UnavailableError(text, { cause: error })
    : new TransientError(text, { cause: error });
};

/**
 * Where an answer is not JSON, the error repeats the beginning of it; where a signature is not accepted, AWS repeats what
 * was signed, the session's token too.
 */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'no reason was given';
  return error instanceof SyntaxError || error.name.includes('Signature')
    ? error.name
    : `${error.name}: ${error.message}`;
};

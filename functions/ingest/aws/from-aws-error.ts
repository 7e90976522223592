import { type IngestError, TransientError, UnavailableError } from '../errors.ts';

/** Services say by the error's name that they are asked too much; the SDK marks only what is in a service's model. */
const throttling = /throttl|TooManyRequests|LimitExceeded|SlowDown|RequestTimeout/i;

/**
 * What an error of an AWS client means for the request: once more in a moment, or not before somebody has mended something.
 * @param what the request, for the message.
 */
export const fromAwsError = (error: unknown, what: string): IngestError => {
  const { name, message, $fault, $retryable }: Record<string, unknown> = Object(error);
  const text = `${what}: ${name}: ${message}`;
  const refused = $fault === 'client' && $retryable === undefined && !throttling.test(String(name));
  return refused
    ? new UnavailableError(text, { cause: error })
    : new TransientError(text, { cause: error });
};

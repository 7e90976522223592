import { errors, types } from 'cassandra-driver';
import { IngestError, RefusedError, TransientError, UnavailableError } from '../errors.ts';

const { responseErrorCodes: codes } = types;

/**
 * A schema that is not what it must be is answered as Invalid too; rejecting every record for it would be wrong. What we
 * send is checked before: a value of another type than its column's can only be the column's fault.
 */
const aboutTheSchema =
  /unconfigured table|does(n't| not) exist|undefined (column )?name|unknown identifier|expected \d+|extraneous bytes|not enough bytes|didn't validate/i;

/** Cassandra 5.0, and 4.x, where it comes as a server error. */
const tooLarge = /oversized mutation|mutation of .* is too large/is;

/**
 * Answers that may be another in a moment. Keyspaces says WriteTimeout where it throttles (a table, a partition, a
 * connection), and ServerError where it has a fault of its own.
 * https://docs.aws.amazon.com/keyspaces/latest/devguide/troubleshooting.serverless.html
 */
const transientCodes: ReadonlySet<number> = new Set([
  codes.isBootstrapping,
  codes.overloaded,
  codes.readFailure,
  codes.readTimeout,
  codes.serverError,
  codes.unavailableException,
  codes.unprepared,
  codes.writeFailure,
  codes.writeTimeout,
]);

/** Codes of which the server's message holds no value of a row; that of an oversized mutation names the row's key. */
const harmless: ReadonlySet<number> = new Set([
  codes.badCredentials,
  codes.isBootstrapping,
  codes.overloaded,
  codes.readTimeout,
  codes.unauthorized,
  codes.unavailableException,
  codes.unprepared,
  codes.writeTimeout,
]);

/** Node's codes of a certificate that is not trusted, has expired, or is another's. */
const aboutTheCertificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

/**
 * What an error of the driver means for the request: once more in a moment, this row never, or not before somebody has
 * mended something.
 * @param what the request, for the message; names no contents.
 */
export const classify = (error: unknown, what: string): IngestError => {
  if (error instanceof IngestError) return error;
  if (error instanceof errors.ResponseError) {
    if (tooLarge.test(error.message))
      return new RefusedError('the database refuses the row as too large', { cause: error });
    if (error.code === codes.invalid && !aboutTheSchema.test(error.message))
      return new RefusedError('the database refuses the row as invalid', { cause: error });
  }
  const message = `${what} failed: ${describe(error)}`;
  return isTransient(error)
    ? new TransientError(message, { cause: error })
    : new UnavailableError(message, { cause: error });
};

/** Whether the server did not accept the name and password; of no host where one of them said so. */
export const isRefusedLogin = (error: unknown): boolean =>
  error instanceof errors.AuthenticationError ||
  (error instanceof errors.ResponseError && error.code === codes.badCredentials) ||
  (error instanceof errors.NoHostAvailableError && reasons(error).some(isRefusedLogin));

const isTransient = (error: unknown): boolean => {
  if (error instanceof errors.NoHostAvailableError) return !reasons(error).some(isForGood);
  if (error instanceof errors.ResponseError) return transientCodes.has(error.code);
  return (
    error instanceof errors.OperationTimedOutError ||
    error instanceof errors.BusyConnectionError ||
    // Set by the driver on what ended a connection.
    (error instanceof Error && 'isSocketError' in error && error.isSocketError === true)
  );
};

/** Why one host was not to be had: what waiting does not mend. */
const isForGood = (reason: unknown): boolean =>
  isRefusedLogin(reason) ||
  (reason instanceof errors.ResponseError && !transientCodes.has(reason.code)) ||
  (reason instanceof Error &&
    'code' in reason &&
    typeof reason.code === 'string' &&
    aboutTheCertificate.test(reason.code));

const reasons = ({ innerErrors }: errors.NoHostAvailableError): unknown[] =>
  Object.values(innerErrors ?? {});

const describe = (error: unknown): string => {
  if (error instanceof errors.NoHostAvailableError) {
    const inner = Object.entries(error.innerErrors ?? {}).map(
      ([host, reason]) => `${host}: ${describe(reason)}`,
    );
    return inner.length === 0 ? error.message : `no host took it (${inner.join('; ')})`;
  }
  if (error instanceof errors.ResponseError) {
    const code = `0x${error.code.toString(16).padStart(4, '0')}`;
    return harmless.has(error.code) || aboutTheSchema.test(error.message)
      ? `${withoutUser(error.message)} (${code})`
      : `the server answered ${code}`;
  }
  if (typeof error === 'string') return error;
  return error instanceof Error ? withoutUser(error.message) : 'no reason was given';
};

/** Cassandra repeats who logged in, and the secret has said that: "Provided username … and/or", "User … has no". */
const withoutUser = (message: string): string =>
  message.replace(/(username ).*( and\/or)/s, '$1…$2').replace(/^(User ).*( has no )/s, '$1…$2');

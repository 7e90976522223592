import { errors, types } from 'cassandra-driver';
import {
  IngestError,
  RefusedError,
  TransientError,
  UnavailableError,
  UnknownRefusalError,
} from '../../pipeline/errors.ts';
import { isCertificateRefused } from '../../remote/certificate-refused.ts';
import { censored } from './censored.ts';
import { readRefusal } from './read-refusal.ts';

const { responseErrorCodes: codes } = types;

/**
 * The codes of temporary errors. Keyspaces answers WriteTimeout where it throttles (a table, a partition, a connection), and
 * ServerError where it has a fault of its own.
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

/**
 * The codes whose messages hold no value of a row. Invalid and ServerError are not among them: their message about an oversized
 * mutation names the row's key.
 */
const harmlessCodes: ReadonlySet<number> = new Set([
  codes.badCredentials,
  codes.isBootstrapping,
  codes.overloaded,
  codes.readTimeout,
  codes.unauthorized,
  codes.unavailableException,
  codes.unprepared,
  codes.writeTimeout,
]);

/** Gives the encoded values of a row, which a message must not repeat. */
export type Contents = () => readonly (Buffer | null)[];

/**
 * Decides what follows from an error of the driver: retry soon, reject this row, wait until an operator has acted, or nothing
 * known (docs/decisions/0012-what-a-refusal-says-of-a-row.md).
 * @param what the request, for the message; names no contents.
 * @param contents the values of the one row that the request writes; without them no unknown words are repeated.
 */
export const classify = (error: unknown, what: string, contents?: Contents): IngestError => {
  if (error instanceof IngestError) return error;
  const cause = { cause: error };
  if (error instanceof errors.ResponseError) {
    const refusal = readRefusal(error.message);
    if (refusal.of === 'row' && refusableCodes.has(error.code))
      return new RefusedError(`the database refuses the row ${refusal.detail}`, cause);
    if (error.code === codes.invalid) {
      if (refusal.of === 'state')
        return new UnavailableError(
          `${what} failed: ${refusal.words} (${hex(error.code)}): ${refusal.help}`,
          cause,
        );
      const words = contents === undefined ? '' : `: “${censored(error.message, contents())}”`;
      return new UnknownRefusalError(
        `${what} failed: the server answered ${hex(error.code)}${words}`,
        cause,
      );
    }
  }
  const message = `${what} failed: ${describe(error)}`;
  return isTransient(error)
    ? new TransientError(message, cause)
    : new UnavailableError(message, cause);
};

/** The codes by which a server refuses a row permanently: Invalid, and ServerError of Cassandra 4.x and ScyllaDB. */
const refusableCodes: ReadonlySet<number> = new Set([codes.invalid, codes.serverError]);

const hex = (code: number): string => `0x${code.toString(16).padStart(4, '0')}`;

/**
 * Reads the last expiry that the server can store, in seconds since the epoch, from an error of `classify`. Returns null where
 * the server refused something other than an expiry.
 */
export const latestExpiryOf = ({ cause }: IngestError): number | null => {
  if (!(cause instanceof errors.ResponseError) || cause.code !== codes.invalid) return null;
  const refusal = readRefusal(cause.message);
  return refusal.of === 'state' ? (refusal.latestExpiry ?? null) : null;
};

/**
 * Finds the id of a prepared statement that the server, or a host that was tried, does not know; returns null where there is
 * none.
 */
export const unpreparedId = (error: unknown): Buffer | null => {
  if (error instanceof errors.NoHostAvailableError)
    return (
      reasons(error)
        .map(unpreparedId)
        .find((id) => id !== null) ?? null
    );
  return error instanceof errors.ResponseError &&
    error.code === codes.unprepared &&
    'queryId' in error &&
    Buffer.isBuffer(error.queryId)
    ? error.queryId
    : null;
};

/** Tells whether a server's answer is about a wrong table, keyspace or permission. */
export const isAboutTheTable = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  (error.code === codes.unauthorized ||
    (error.code === codes.invalid && readRefusal(error.message).of === 'state'));

/** Tells whether the server refused the name and password. For an error without a host, one host's refusal is enough. */
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
    // The driver sets `isSocketError` on the error that ended a connection.
    (error instanceof Error && 'isSocketError' in error && error.isSocketError === true)
  );
};

/** Tells whether a host's error stays until an operator has acted. */
const isForGood = (reason: unknown): boolean =>
  isRefusedLogin(reason) ||
  (reason instanceof errors.ResponseError && !transientCodes.has(reason.code)) ||
  isCertificateRefused(reason);

const reasons = ({ innerErrors }: errors.NoHostAvailableError): unknown[] =>
  Object.values(innerErrors ?? {});

const describe = (error: unknown): string => {
  if (error instanceof errors.NoHostAvailableError) {
    const inner = Object.entries(error.innerErrors ?? {}).map(
      ([host, reason]) => `${host}: ${describe(reason)}`,
    );
    return inner.length === 0
      ? 'no host of the database can be reached'
      : `no host accepted it (${inner.join('; ')})`;
  }
  if (error instanceof errors.ResponseError) {
    if (harmlessCodes.has(error.code)) return `${withoutUser(error.message)} (${hex(error.code)})`;
    const refusal = readRefusal(error.message);
    return error.code === codes.invalid && refusal.of === 'state'
      ? `${refusal.words} (${hex(error.code)})`
      : `the server answered ${hex(error.code)}`;
  }
  if (typeof error === 'string') return error;
  if (speaksNoTls(error)) return 'it does not speak TLS: CASSANDRA_TLS=off?';
  return error instanceof Error ? withoutUser(error.message) : 'no reason was given';
};

/** Tells whether the server answered the greeting of TLS with bytes that are no TLS. */
const speaksNoTls = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SSL_WRONG_VERSION_NUMBER';

/**
 * Removes the user's name, which is from the secret, from Cassandra's messages: "Provided username … and/or", "User … has no".
 */
const withoutUser = (message: string): string =>
  message.replace(/(username ).*( and\/or)/s, '$1…$2').replace(/^(User ).*( has no )/s, '$1…$2');

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

/** Gives the values of a row, encoded, for a message that must not repeat them. */
export type Contents = () => readonly (Buffer | null)[];

/**
 * Says what an error of the driver means for the request: once more in a moment, this row never, not before somebody has
 * mended something, or nothing that is known (docs/decisions/0012-what-a-refusal-says-of-a-row.md).
 * @param what the request, for the message; names no contents.
 * @param contents the values of the one row that the request writes; not given: no unknown words are repeated.
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

/** Codes under which a server refuses a row for good: Invalid, and ServerError of Cassandra 4.x and ScyllaDB. */
const refusableCodes: ReadonlySet<number> = new Set([codes.invalid, codes.serverError]);

const hex = (code: number): string => `0x${code.toString(16).padStart(4, '0')}`;

/**
 * Reads the last expiry that the server stores, in seconds since the epoch, from what `classify` made of its answer; null
 * where the server refused something else than an expiry.
 */
export const latestExpiryOf = ({ cause }: IngestError): number | null => {
  if (!(cause instanceof errors.ResponseError) || cause.code !== codes.invalid) return null;
  const refusal = readRefusal(cause.message);
  return refusal.of === 'state' ? (refusal.latestExpiry ?? null) : null;
};

/** Finds the prepared statement that the server, or each host that was asked, says it does not know; null where there is none. */
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

/** Whether a server's answer says that the table, the keyspace or a permission is not as a statement needs it. */
export const isAboutTheTable = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  (error.code === codes.unauthorized ||
    (error.code === codes.invalid && readRefusal(error.message).of === 'state'));

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
  isCertificateRefused(reason);

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
    if (harmless.has(error.code)) return `${withoutUser(error.message)} (${hex(error.code)})`;
    const refusal = readRefusal(error.message);
    return error.code === codes.invalid && refusal.of === 'state'
      ? `${refusal.words} (${hex(error.code)})`
      : `the server answered ${hex(error.code)}`;
  }
  if (typeof error === 'string') return error;
  return error instanceof Error ? withoutUser(error.message) : 'no reason was given';
};

/** Cassandra repeats who logged in, and the secret has said that: "Provided username … and/or", "User … has no". */
const withoutUser = (message: string): string =>
  message.replace(/(username ).*( and\/or)/s, '$1…$2').replace(/^(User ).*( has no )/s, '$1…$2');

import { errors, types } from 'cassandra-driver';
import { type IngestError, RefusedError, UnavailableError } from '../errors.ts';

const { responseErrorCodes: codes } = types;

/** A schema that is not what it must be is answered as Invalid too; rejecting every record for it would be wrong. */
const aboutTheSchema =
  /unconfigured table|does(n't| not) exist|undefined (column )?name|unknown identifier/i;

/** Cassandra 5.0, and 4.x, where it comes as a server error. */
const tooLarge = /oversized mutation|mutation of .* is too large/is;

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

/**
 * What an error of the driver means for the row that was written: the row is refused for good, or it must wait.
 * @param what the request, for the message; names no contents.
 */
export const classify = (error: unknown, what: string): IngestError => {
  if (error instanceof errors.ResponseError) {
    if (tooLarge.test(error.message))
      return new RefusedError('the database refuses the row as too large', { cause: error });
    if (error.code === codes.invalid && !aboutTheSchema.test(error.message))
      return new RefusedError('the database refuses the row as invalid', { cause: error });
  }
  return new UnavailableError(`${what} failed: ${describe(error)}`, { cause: error });
};

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
      ? `${error.message} (${code})`
      : `the server answered ${code}`;
  }
  return error instanceof Error ? error.message : 'no reason was given';
};

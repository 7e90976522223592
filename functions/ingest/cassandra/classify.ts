import { errors, types } from 'cassandra-driver';
import { type IngestError, RefusedError, UnavailableError } from '../errors.ts';

/** A schema that is not what it must be is answered as Invalid too; rejecting every record for it would be wrong. */
const aboutTheSchema =
  /unconfigured|does(n't| not) exist|undefined (column|name)|unknown identifier|keyspace|not found/i;

/** MutationExceededMaxSizeException has no code of its own: it comes as a server error (Cassandra 4.0 to 5.0). */
const tooLarge = /mutation of .* is too large/is;

/**
 * What an error of the driver means for the row that was written: the row is refused for good, or it must wait.
 * @param what the request, for the message; names no contents.
 */
export const classify = (error: unknown, what: string): IngestError => {
  if (error instanceof errors.ResponseError) {
    const { invalid, serverError } = types.responseErrorCodes;
    const refused =
      (error.code === invalid && !aboutTheSchema.test(error.message)) ||
      (error.code === serverError && tooLarge.test(error.message));
    // The server's message names sizes, columns and keys, so it is not repeated: only what it is about.
    if (refused)
      return new RefusedError(
        error.code === invalid
          ? `the database refuses the row as invalid (0x${error.code.toString(16)})`
          : 'the database refuses the row as too large',
        { cause: error },
      );
  }
  return new UnavailableError(`${what} failed: ${describe(error)}`, { cause: error });
};

/** The driver's errors name hosts, codes and, for a wrong statement, the schema; none repeats a bound value. */
const describe = (error: unknown): string => {
  if (error instanceof errors.NoHostAvailableError) {
    const inner = Object.entries(error.innerErrors ?? {}).map(
      ([host, reason]) =>
        `${host}: ${reason instanceof Error ? reason.message : 'no reason given'}`,
    );
    return inner.length === 0 ? error.message : `no host took it (${inner.join('; ')})`;
  }
  return error instanceof Error ? error.message : String(error);
};

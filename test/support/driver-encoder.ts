import { createRequire } from 'node:module';
import { types } from 'cassandra-driver';

interface Type {
  readonly code: number;
  readonly info?: unknown;
}

interface DriverEncoder {
  encode(value: unknown, type: Type): Buffer;
  decode(bytes: Buffer | null, type: Type): unknown;
  /** Makes one buffer of a routing key of several. */
  setRoutingKeyFromUser(
    params: readonly unknown[],
    options: { getRoutingKey(): readonly Buffer[]; setRoutingKey(key: Buffer): void },
  ): void;
}

const Encoder: new (version: number, options: object) => DriverEncoder = createRequire(
  import.meta.url,
)('cassandra-driver/lib/encoder.js');

/** The driver's encoder (private, undeclared): the reference for the values that it encodes rightly, and what rows are read by. */
export const driverEncoder = new Encoder(types.protocolVersion.v4, {});

import { fromAwsError } from '../remote/from-aws-error.ts';
import { notAvro, type SchemaRegistry, unknownSchema, unregistered } from './schema-registry.ts';

/** Milliseconds for the answer. */
const timeoutMs = 3_000;

/** The name of Glue's error when there is no such version; it has no other words for it. */
const notFound = 'EntityNotFoundException';

/** The name of Glue's error when it cannot take the id. Nothing else of the request comes from a record. */
const invalid = 'InvalidInputException';

/**
 * AWS Glue's schema registry, asked with the function's role for a version by its uuid.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_GetSchemaVersion.html
 */
export const glueRegistry = (): SchemaRegistry => ({
  async fetch(id) {
    if (typeof id === 'number')
      return unknownSchema(id, 'Glue has no such ids (SCHEMA_REGISTRY is `glue`)');
    const { GetSchemaVersionCommand, GlueClient } = await import('./glue-client.ts');
    // One attempt: flow control tries again.
    const client = new GlueClient({ maxAttempts: 1 });
    try {
      const { SchemaDefinition, DataFormat } = await client.send(
        new GetSchemaVersionCommand({ SchemaVersionId: id }),
        { abortSignal: AbortSignal.timeout(timeoutMs) },
      );
      if (DataFormat !== 'AVRO') return notAvro(id, String(DataFormat));
      return { kind: 'found', text: SchemaDefinition ?? '', references: [] };
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === notFound)
        return unregistered(id, `Glue has no version of this id: it answered ${name}`);
      if (name === invalid)
        return unknownSchema(id, `Glue takes it for no version’s id: it answered ${name}`);
      throw fromAwsError(error, `asking Glue for schema version ${id} failed`);
    } finally {
      client.destroy();
    }
  },
});

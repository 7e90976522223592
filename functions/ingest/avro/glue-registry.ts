import { fromAwsError } from '../aws/from-aws-error.ts';
import { notAvro, type SchemaRegistry, unknownSchema } from './schema-registry.ts';

/** Milliseconds for the answer. */
const timeoutMs = 3_000;

/** What Glue's error says when there is no such version; it has no other words for it. */
const notFound = 'EntityNotFoundException';

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
      return { text: SchemaDefinition ?? '', references: [] };
    } catch (error) {
      if (error instanceof Error && error.name === notFound)
        return unknownSchema(id, 'Glue has no version of this id');
      throw fromAwsError(error, `asking Glue for schema version ${id} failed`);
    } finally {
      client.destroy();
    }
  },
});

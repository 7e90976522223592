import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Environment } from '../../functions/ingest/settings/read-settings.ts';

/** A schema registry on a free port of this machine. */
export interface LocalRegistry extends AsyncDisposable {
  /** The environment variables by which the function reaches it. */
  readonly environment: Partial<Environment>;
}

/**
 * Starts a registry that gives fixed schemas by their ids, as Confluent's API does: `GET /schemas/ids/{id}`.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export const startSchemaRegistry = async (
  schemas: Readonly<Record<number, object>>,
): Promise<LocalRegistry> => {
  const server = createServer(({ url = '' }, response) => {
    const [, id = ''] = /^\/schemas\/ids\/(\d+)(?:\?|$)/.exec(url) ?? [];
    const schema = schemas[Number(id)];
    const [status, body] =
      schema === undefined
        ? [404, { error_code: 40403, message: 'Schema not found' }]
        : [200, { schema: JSON.stringify(schema) }];
    response
      .writeHead(status, { 'Content-Type': 'application/vnd.schemaregistry.v1+json' })
      .end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    environment: {
      SCHEMA_REGISTRY: 'confluent',
      SCHEMA_REGISTRY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

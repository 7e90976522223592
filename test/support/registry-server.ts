import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** A registered schema. */
interface RegisteredSchema {
  readonly schema: string;
  readonly schemaType?: string | null;
  readonly references?: readonly {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }[];
}

export interface RegistryServer extends AsyncDisposable {
  readonly url: string;
  /** Registers a schema as the next version of a subject; gives its id and uuid. */
  register(subject: string, schema: RegisteredSchema | object): { id: number; guid: string };
  /** Soft-deletes a subject's versions: only `?deleted=true` still gives them. Their ids stay. */
  remove(subject: string): void;
  /** The requests so far, such as `GET /schemas/ids/1`. */
  readonly requests: readonly string[];
  /** A hook that may answer a request before the registry does. */
  before: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

export interface RegistryServerOptions {
  /** The login that the registry demands, as `name:password`. */
  readonly login?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The authority of the client certificates that the registry demands. */
  readonly clientCa?: string;
  /** The body of the 404 for an unknown route. With it there is no route for uuids, as in registries other than Confluent's since 8.0. */
  readonly withoutUuids?: string;
}

/**
 * Starts a schema registry in memory with the requests of Confluent's API that serializers and readers send.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export const startRegistryServer = async ({
  login,
  tls,
  clientCa,
  withoutUuids,
}: RegistryServerOptions = {}): Promise<RegistryServer> => {
  const schemas: RegisteredSchema[] = [];
  const subjects = new Map<string, number[]>();
  const removed = new Set<string>();
  const requests: string[] = [];
  const noRoute = { error_code: 404, message: 'HTTP 404 Not Found' };

  const register = (subject: string, given: RegisteredSchema | object) => {
    const schema: RegisteredSchema =
      'schema' in given ? given : { schema: JSON.stringify(given), schemaType: 'AVRO' };
    const known = schemas.findIndex((one) => one.schema === schema.schema);
    const id = known === -1 ? schemas.push(schema) : known + 1;
    const versions = subjects.get(subject) ?? [];
    if (!versions.includes(id)) subjects.set(subject, [...versions, id]);
    return { id, guid: guidOf(schema) };
  };

  const answer = (method: string, url: string, body: string): [number, object | string] => {
    const [path = '', query = ''] = url.split('?');
    const [, kind, name = '', , version] = path.split('/').map(decodeURIComponent);
    if (kind === 'schemas') {
      if (name === 'types') return [200, ['JSON', 'PROTOBUF', 'AVRO']];
      if (name === 'guids' && withoutUuids !== undefined) return [404, withoutUuids];
      if (name !== 'ids' && name !== 'guids') return [404, withoutUuids ?? noRoute];
      const key = path.split('/')[3];
      const id = name === 'ids' ? Number(key) : schemas.findIndex((one) => guidOf(one) === key) + 1;
      const found = schemas[id - 1];
      return found === undefined
        ? [404, { error_code: 40403, message: 'Schema not found' }]
        : [200, { ...found, guid: guidOf(found) }];
    }
    if (kind !== 'subjects') return [404, withoutUuids ?? noRoute];
    if (method === 'POST') return [200, register(name, JSON.parse(body))];
    const versions = subjects.get(name) ?? [];
    if (removed.has(name) && !query.includes('deleted=true'))
      return [404, { error_code: 40401, message: `Subject '${name}' not found.` }];
    const id = version === 'latest' ? versions.at(-1) : versions[Number(version) - 1];
    const found = id === undefined ? undefined : schemas[id - 1];
    return found === undefined
      ? [404, { error_code: 40402, message: 'Version not found' }]
      : [200, { ...found, subject: name, version: Number(version), id }];
  };

  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    requests.push(`${method} ${url}`);
    const body = Buffer.concat(await request.toArray()).toString();
    await started.before(request, response);
    if (response.headersSent || request.socket.destroyed) return;
    const basic = login === undefined ? undefined : Buffer.from(login).toString('base64');
    const [status, json] =
      basic === undefined || headers.authorization === `Basic ${basic}`
        ? answer(method, url, body)
        : [401, { error_code: 401, message: 'Unauthorized' }];
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
    response.end(typeof json === 'string' ? json : JSON.stringify(json));
  };
  const asked =
    clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server =
    tls === undefined ? createServer(listener) : createTlsServer({ ...tls, ...asked }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const started: RegistryServer = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    register,
    remove: (subject) => void removed.add(subject),
    requests,
    before: () => {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
  return started;
};

/** Derives the uuid of a schema from its contents, as Confluent's registry does. */
const guidOf = ({ schema }: RegisteredSchema): string =>
  createHash('md5')
    .update(schema)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

import type { Config } from '../config.ts';
import { IngestError, TransientError, UnavailableError } from '../errors.ts';
import type { SchemaId } from '../read.ts';
import type { Rejection } from '../rejection.ts';
import type { SchemaText } from './avro-schema.ts';
import { type Answer, httpGet } from './http-get.ts';
import { createRegistryLogin, type RegistryLogin } from './registry-login.ts';
import { notAvro, type SchemaRegistry, unknownSchema } from './schema-registry.ts';

/** What `GET /schemas/…` answers; another schema that it refers to is a version of a subject. */
interface Registered {
  readonly schema: string;
  readonly schemaType: string;
  readonly references: readonly { readonly subject: string; readonly version: number }[];
}

/** Milliseconds, of a schema and all that it refers to. */
const timeoutMs = 5_000;

/** Schemas that one schema may refer to, over all levels. */
const mostReferences = 100;

/** Of its own error codes those that say: there is none. */
const notFound: ReadonlySet<unknown> = new Set([40401, 40402, 40403]);

/**
 * A registry with Confluent's API: Confluent's own, and Karapace, Redpanda, Apicurio (at /apis/ccompat/v7), …
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html#schemas
 */
export const confluentRegistry = (
  config: Pick<Config, 'registryUrl' | 'registryAuth' | 'registrySecretArn' | 'registryCa'>,
): SchemaRegistry => {
  const login = createRegistryLogin(config);

  /** Null where the registry says that there is none. */
  const get = async (path: string, signal: AbortSignal): Promise<Registered | null> => {
    const url = new URL(`${config.registryUrl.replace(/\/+$/, '')}/${path}`);
    const what = `asking the schema registry for ${url.href}`;
    return toRegistered(await ask(url, login, signal, what), what);
  };

  const withReferences = async (
    registered: Registered,
    signal: AbortSignal,
  ): Promise<SchemaText | null> => {
    const texts = new Map<string, string>();
    const visit = async ({ references }: Registered): Promise<boolean> => {
      for (const { subject, version } of references) {
        const path = `subjects/${encodeURIComponent(subject)}/versions/${version}`;
        if (texts.has(path)) continue;
        if (texts.size === mostReferences) return false;
        // Entered first, so that schemas that refer to each other come to an end; each is put in its place below.
        texts.set(path, '');
        const referred = await get(path, signal);
        if (referred === null || !(await visit(referred))) return false;
        texts.delete(path);
        texts.set(path, referred.schema);
      }
      return true;
    };
    return (await visit(registered))
      ? { text: registered.schema, references: [...texts.values()] }
      : null;
  };

  return {
    async fetch(id: SchemaId): Promise<SchemaText | Rejection> {
      const path = typeof id === 'number' ? `schemas/ids/${id}` : `schemas/guids/${id}`;
      const signal = AbortSignal.timeout(timeoutMs);
      const registered = await get(path, signal);
      if (registered === null) return unknownSchema(id, 'the registry has none of this id');
      if (registered.schemaType !== 'AVRO') return notAvro(id, registered.schemaType);
      return (
        (await withReferences(registered, signal)) ??
        unknownSchema(id, `the registry lacks one that it refers to (of ${mostReferences} at most)`)
      );
    },
  };
};

/** Asks once more with the secret as it is now when the one that is remembered is refused. */
const ask = async (
  url: URL,
  login: RegistryLogin,
  signal: AbortSignal,
  what: string,
): Promise<Answer> => {
  const { options, remembered } = await login.options();
  const answer = await httpGet(url, options, signal).catch((error: unknown) => {
    throw unreachable(error, what);
  });
  if (answer.status !== 401 && answer.status !== 403) return answer;
  login.forget();
  if (remembered) return ask(url, login, signal, what);
  throw new UnavailableError(
    `${what} failed: it answered ${answer.status}, the login is refused (SCHEMA_REGISTRY_AUTH, SCHEMA_REGISTRY_SECRET_ARN)`,
  );
};

/** Node's codes of a certificate that is not trusted, has expired, or is another's. */
const aboutTheCertificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

const unreachable = (error: unknown, what: string): IngestError => {
  if (error instanceof IngestError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const text = `${what} failed: ${message}`;
  return aboutTheCertificate.test(code)
    ? new UnavailableError(`${text} (SCHEMA_REGISTRY_CA)`, { cause: error })
    : new TransientError(text, { cause: error });
};

const toRegistered = ({ status, body }: Answer, what: string): Registered | null => {
  const answer = parse(body);
  if (status === 404 && notFound.has(answer['error_code'])) return null;
  if (status === 429 || status >= 500)
    throw new TransientError(`${what} failed: it answered ${status}`);
  const { schema, schemaType = 'AVRO', references = [] } = answer;
  if (status !== 200 || typeof schema !== 'string' || typeof schemaType !== 'string')
    throw new UnavailableError(
      `${what} failed: it answered ${status}, and not as a schema registry does (is SCHEMA_REGISTRY_URL right?)`,
    );
  return { schema, schemaType, references: toReferences(references) };
};

const toReferences = (given: unknown): Registered['references'] =>
  (Array.isArray(given) ? given : []).map((reference) => {
    const { subject, version } = Object(reference);
    return { subject: String(subject), version: Number(version) };
  });

const parse = (body: string): Record<string, unknown> => {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
};

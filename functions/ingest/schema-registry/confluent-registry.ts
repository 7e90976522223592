import { type Rejection, rejected } from '../event/rejection.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import {
  IngestError,
  ThrottledError,
  TransientError,
  UnavailableError,
} from '../pipeline/errors.ts';
import { isCertificateRefused } from '../remote/certificate-refused.ts';
import type { Settings } from '../settings/read-settings.ts';
import { type HttpAnswer, HttpClient, largestBody } from './http-client.ts';
import { type RegisteredSchema, toRegisteredSchema, versionName } from './registered-schema.ts';
import { createRegistryLogin, type RegistryLogin } from './registry-login.ts';
import { resolveReferences, UnusableReference } from './resolve-references.ts';
import {
  type FoundSchema,
  notAvro,
  type SchemaRegistry,
  type Unregistered,
  unknownSchema,
  unregistered,
} from './schema-registry.ts';
import { shown } from './schema-text.ts';

/** The milliseconds for a schema and all its references. */
const timeoutMs = 5_000;

/** The registry's own error codes of a missing subject, version or schema. */
const notFoundCodes: ReadonlySet<unknown> = new Set([40401, 40402, 40403]);

/**
 * The statuses that mean a missing schema, provided that the service is a schema registry: not found (with any body), a malformed
 * or unprocessable request, gone, too long an address.
 */
const missingSchemaStatuses: ReadonlySet<number> = new Set([400, 404, 410, 414, 422]);

/** The statuses of a refused login. */
const refusedLoginStatuses: ReadonlySet<number> = new Set([401, 403, 407]);

/** The statuses beside 5xx that ask the client to try again: a timeout, or too early. */
const temporaryStatuses: ReadonlySet<number> = new Set([408, 425]);

/**
 * The greatest id: the API's ids are Java's `int`. The four bytes of a value can hold greater ones, which no registry has given.
 */
const greatestId = 2 ** 31 - 1;

/** The milliseconds for which an answer proves that the service is a schema registry. */
const freshMs = 1_000;

/**
 * The requests that every schema registry answers: the kinds of schemas (Confluent since 5.5, Karapace, Redpanda, Apicurio), and
 * the first id, which exists or is missing with the registry's own error code (all).
 */
const commonQuestions = ['schemas/types', 'schemas/ids/1'];

/** The error of a schema that does not exist. */
class NoSchema extends Error {
  override readonly name = 'NoSchema';
  /** True where the schema may appear in a moment. */
  readonly missing: boolean;

  constructor(answer: string, missing: boolean) {
    super(answer);
    this.missing = missing;
  }
}

/**
 * Makes a registry with Confluent's API: Confluent's own, Karapace, Redpanda, Apicurio (at /apis/ccompat/v7) and others. The
 * meaning of each answer is listed in docs/schema-registries.md.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html#schemas
 */
export const confluentRegistry = (
  config: Pick<Settings, 'registryUrl' | 'registryAuth' | 'registrySecretArn' | 'registryCa'>,
): SchemaRegistry => {
  const http = new HttpClient();
  const login = createRegistryLogin(config);
  /** The time of the last answer that only a schema registry gives, in milliseconds of `performance.now()`. */
  let answeredAt = Number.NEGATIVE_INFINITY;
  /** The path of the last request that was answered with a schema. */
  let answered: string | null = null;
  let asking: { readonly since: number; readonly answer: Promise<boolean> } | null = null;

  const urlOf = (path: string): URL => new URL(`${config.registryUrl.replace(/\/+$/, '')}/${path}`);
  const whatOf = (url: URL): string => `asking the schema registry for ${url.href}`;

  /** Interprets an answer as a schema registry's; returns undefined where it is none. */
  const asRegistry = (
    path: string,
    { status, body, tooLarge }: HttpAnswer,
  ): RegisteredSchema | NoSchema | 'types' | undefined => {
    const json = parse(body);
    const code = json['error_code'];
    if (status === 404 && notFoundCodes.has(code)) {
      answeredAt = performance.now();
      return new NoSchema(describeAnswer(status, body), true);
    }
    if (status !== 200 || tooLarge) return undefined;
    const registered = toRegisteredSchema(json);
    const isTypes = Array.isArray(json) && json.includes('AVRO');
    if (registered === null && !isTypes) return undefined;
    answeredAt = performance.now();
    if (registered !== null) answered = path;
    return registered ?? 'types';
  };

  /**
   * Tells whether the service is a schema registry now: by another answer of the last second, or by a request that every registry
   * answers. An address without a registry is therefore never taken for a registry without the schema.
   */
  const isRegistry = (signal: AbortSignal): Promise<boolean> => {
    const now = performance.now();
    if (now - answeredAt < freshMs) return Promise.resolve(true);
    if (asking !== null && now - asking.since < freshMs) return asking.answer;
    const ask = async (): Promise<boolean> => {
      let failure: unknown;
      for (const path of new Set([...(answered === null ? [] : [answered]), ...commonQuestions])) {
        const url = urlOf(path);
        const what = whatOf(url);
        try {
          const answer = await askWithLogin(http, url, login, signal, what);
          throwIfTemporary(answer, what);
          if (asRegistry(path, answer) !== undefined) return true;
        } catch (error) {
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      return false;
    };
    const answer = ask();
    asking = { since: now, answer };
    answer.catch(() => {
      asking = null;
    });
    return answer;
  };

  /** Requests a schema. @throws {NoSchema} where the registry says that it does not exist. */
  const get = async (path: string, signal: AbortSignal): Promise<RegisteredSchema> => {
    const url = urlOf(path);
    const what = whatOf(url);
    const answer = await askWithLogin(http, url, login, signal, what);
    const { status, body, tooLarge, location } = answer;
    throwIfTemporary(answer, what);
    if (refusedLoginStatuses.has(status))
      throw new UnavailableError(
        `${what} failed: it answered ${describeAnswer(status, body)}, the login is refused (SCHEMA_REGISTRY_AUTH, SCHEMA_REGISTRY_SECRET_ARN), or may not read this schema`,
      );
    const said = asRegistry(path, answer);
    if (said instanceof NoSchema) throw said;
    if (said !== undefined && said !== 'types') return said;
    if (status >= 300 && status < 400)
      throw new UnavailableError(
        `${what} failed: it answered ${status}, a redirect to ${hostOf(location, url)}, and none is followed (set SCHEMA_REGISTRY_URL to the address that answers by itself)`,
      );
    const mayBeMissing = tooLarge ? status === 200 : missingSchemaStatuses.has(status);
    if (mayBeMissing && (await isRegistry(signal)))
      throw tooLarge && status === 200
        ? new NoSchema(`a schema of more than ${largestBody} bytes, which is too large`, false)
        : // A registry without uuids does not learn them in a moment.
          new NoSchema(
            describeAnswer(status, body),
            status === 404 && !path.startsWith('schemas/guids/'),
          );
    throw new UnavailableError(
      `${what} failed: it answered ${describeAnswer(status, body)}, and not as a schema registry does (is SCHEMA_REGISTRY_URL right?)`,
    );
  };

  return {
    async fetch(id: SchemaId): Promise<FoundSchema | Rejection | Unregistered> {
      if (typeof id === 'number' && id > greatestId)
        return unknownSchema(
          id,
          `a schema registry’s ids end at ${greatestId} (was the value written in Confluent’s format? WIRE_FORMAT names another)`,
        );
      const signal = AbortSignal.timeout(timeoutMs);
      let where = 'the registry has none of this id';
      try {
        const path = typeof id === 'number' ? `schemas/ids/${id}` : `schemas/guids/${id}`;
        const registered = await get(path, signal);
        if (registered.schemaType !== 'AVRO') return notAvro(id, registered.schemaType);
        const references = await resolveReferences(registered, (path, reference) => {
          where = `the registry has no ${versionName(reference)}, which it refers to`;
          return get(path, signal);
        });
        return { kind: 'found', text: registered.schema, references };
      } catch (error) {
        if (error instanceof NoSchema)
          return (error.missing ? unregistered : unknownSchema)(
            id,
            `${where}: it answered ${error.message}`,
          );
        if (error instanceof UnusableReference)
          return rejected('incompatible_schema', `schema ${id}: ${error.message}`);
        throw error;
      }
    },
  };
};

/** Makes a request. When a remembered login is refused, reads the secret again and repeats the request once. */
const askWithLogin = async (
  http: HttpClient,
  url: URL,
  login: RegistryLogin,
  signal: AbortSignal,
  what: string,
): Promise<HttpAnswer> => {
  const { options, remembered } = await login.options();
  const get = (given: typeof options): Promise<HttpAnswer> =>
    http.get(url, given, signal).catch((error: unknown) => {
      throw unreachable(error, what);
    });
  const answer = await get(options);
  if (!refusedLoginStatuses.has(answer.status) || !remembered) return answer;
  const renewed = await login.renew(options);
  return renewed === null ? answer : get(renewed);
};

/**
 * Throws the error of a temporary status.
 * @throws {TransientError} for a status that asks the client to try again.
 */
const throwIfTemporary = ({ status, body }: HttpAnswer, what: string): void => {
  const text = `${what} failed: it answered ${describeAnswer(status, body)}`;
  if (status === 429) throw new ThrottledError(text);
  if (status >= 500 || temporaryStatuses.has(status)) throw new TransientError(text);
};

const unreachable = (error: unknown, what: string): IngestError => {
  if (error instanceof IngestError) return error;
  const text = `${what} failed: ${(error as Error).message}`;
  return isCertificateRefused(error)
    ? new UnavailableError(`${text} (SCHEMA_REGISTRY_CA)`, { cause: error })
    : new TransientError(text, { cause: error });
};

/**
 * Describes an answer by its status, and by the registry's own code and message. A body that is no registry's error is left out.
 */
const describeAnswer = (status: number, body: string): string => {
  const { error_code: code, message } = parse(body);
  const number = Number.isSafeInteger(code) && code !== status ? ` (${code})` : '';
  return typeof message === 'string' && message !== ''
    ? `${status}${number} ${shown(message.replace(/\p{C}/gu, ' '))}`
    : `${status}${number}`;
};

/** Names the host of a redirect, without path and query, which may hold a login. */
const hostOf = (location: string | null, from: URL): string => {
  const host = location === null ? undefined : URL.parse(location, from.href)?.host;
  return host === undefined || host === '' ? 'nowhere' : shown(host);
};

const parse = (body: string): Record<string, unknown> => {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
};

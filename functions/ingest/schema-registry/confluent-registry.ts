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
import { type Answer, httpGet, largestBody } from './http-get.ts';
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

/** Milliseconds for a schema and all that it refers to. */
const timeoutMs = 5_000;

/** The registry's own error codes that say by themselves: there is no such subject, version or schema. */
const notFound: ReadonlySet<unknown> = new Set([40401, 40402, 40403]);

/**
 * The statuses that say the same of what was asked for, where the service is a schema registry: not found (with any body), a
 * malformed or unprocessable question, gone, too long an address.
 */
const noSuchSchema: ReadonlySet<number> = new Set([400, 404, 410, 414, 422]);

/** The statuses by which a service refuses a login. */
const loginRefused: ReadonlySet<number> = new Set([401, 403, 407]);

/** The statuses beside 5xx that ask the client to try again: a timeout, or too early. */
const notNow: ReadonlySet<number> = new Set([408, 425]);

/** The API's ids are Java's `int`. A greater one of a value's four bytes is none that a registry could have given. */
const greatestId = 2 ** 31 - 1;

/** Milliseconds for which an answer shows that the service is a schema registry. */
const freshMs = 1_000;

/**
 * Questions that a schema registry answers whatever is registered: the kinds of schemas (Confluent since 5.5, Karapace,
 * Redpanda, Apicurio), and the first id, which is given or not found by the registry's own code (all).
 */
const commonQuestions = ['schemas/types', 'schemas/ids/1'];

/** There is no schema where one was asked for. */
class NoSchema extends Error {
  override readonly name = 'NoSchema';
  /** Whether the schema may appear in a moment. */
  readonly missing: boolean;

  constructor(answer: string, missing: boolean) {
    super(answer);
    this.missing = missing;
  }
}

/**
 * A registry with Confluent's API: Confluent's own, and Karapace, Redpanda, Apicurio (at /apis/ccompat/v7), …
 * What each answer means is tabled in docs/schema-registries.md.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html#schemas
 */
export const confluentRegistry = (
  config: Pick<Settings, 'registryUrl' | 'registryAuth' | 'registrySecretArn' | 'registryCa'>,
): SchemaRegistry => {
  const login = createRegistryLogin(config);
  /** The time of the last answer that only a schema registry gives, in milliseconds of `performance.now()`. */
  let answeredAt = Number.NEGATIVE_INFINITY;
  /** The last question that was answered by a schema. */
  let answered: string | null = null;
  let asking: { readonly since: number; readonly answer: Promise<boolean> } | null = null;

  const urlOf = (path: string): URL => new URL(`${config.registryUrl.replace(/\/+$/, '')}/${path}`);
  const whatOf = (url: URL): string => `asking the schema registry for ${url.href}`;

  /** What the service says of the path, in words that a registry has; undefined where they are not a registry's. */
  const asRegistry = (
    path: string,
    { status, body, tooLarge }: Answer,
  ): RegisteredSchema | NoSchema | 'types' | undefined => {
    const json = parse(body);
    const code = json['error_code'];
    if (status === 404 && notFound.has(code)) {
      answeredAt = performance.now();
      return new NoSchema(inWords(status, body), true);
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
   * Whether the service answers as a schema registry does, now: by another answer of the last second, or by a question that it
   * can answer. So an address at which there is no registry, or none any more, is never taken for a registry without the schema.
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
          const answer = await askWithLogin(url, login, signal, what);
          throwIfNotNow(answer, what);
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

  /** @throws {NoSchema} where the registry says that there is none. */
  const get = async (path: string, signal: AbortSignal): Promise<RegisteredSchema> => {
    const url = urlOf(path);
    const what = whatOf(url);
    const answer = await askWithLogin(url, login, signal, what);
    const { status, body, tooLarge, location } = answer;
    throwIfNotNow(answer, what);
    if (loginRefused.has(status))
      throw new UnavailableError(
        `${what} failed: it answered ${inWords(status, body)}, the login is refused (SCHEMA_REGISTRY_AUTH, SCHEMA_REGISTRY_SECRET_ARN), or may not read this schema`,
      );
    const said = asRegistry(path, answer);
    if (said instanceof NoSchema) throw said;
    if (said !== undefined && said !== 'types') return said;
    if (status >= 300 && status < 400)
      throw new UnavailableError(
        `${what} failed: it answered ${status}, a redirect to ${hostOf(location, url)}, and none is followed (set SCHEMA_REGISTRY_URL to the address that answers by itself)`,
      );
    const noneHere = tooLarge ? status === 200 : noSuchSchema.has(status);
    if (noneHere && (await isRegistry(signal)))
      throw tooLarge && status === 200
        ? new NoSchema(`a schema of more than ${largestBody} bytes, which is too large`, false)
        : // A registry without uuids does not learn them in a moment.
          new NoSchema(inWords(status, body), status === 404 && !path.startsWith('schemas/guids/'));
    throw new UnavailableError(
      `${what} failed: it answered ${inWords(status, body)}, and not as a schema registry does (is SCHEMA_REGISTRY_URL right?)`,
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

/** Asks, and asks once more with the secret as it is now when the one that is remembered is refused. */
const askWithLogin = async (
  url: URL,
  login: RegistryLogin,
  signal: AbortSignal,
  what: string,
): Promise<Answer> => {
  const { options, remembered } = await login.options();
  const get = (given: typeof options): Promise<Answer> =>
    httpGet(url, given, signal).catch((error: unknown) => {
      throw unreachable(error, what);
    });
  const answer = await get(options);
  if (!loginRefused.has(answer.status) || !remembered) return answer;
  const renewed = await login.renew(options);
  return renewed === null ? answer : get(renewed);
};

/** @throws {TransientError} for an answer that says nothing but to try again. */
const throwIfNotNow = ({ status, body }: Answer, what: string): void => {
  const text = `${what} failed: it answered ${inWords(status, body)}`;
  if (status === 429) throw new ThrottledError(text);
  if (status >= 500 || notNow.has(status)) throw new TransientError(text);
};

const unreachable = (error: unknown, what: string): IngestError => {
  if (error instanceof IngestError) return error;
  const text = `${what} failed: ${(error as Error).message}`;
  return isCertificateRefused(error)
    ? new UnavailableError(`${text} (SCHEMA_REGISTRY_CA)`, { cause: error })
    : new TransientError(text, { cause: error });
};

/** An answer's status, and the registry's own code and message where it has them; not what is not a registry's error. */
const inWords = (status: number, body: string): string => {
  const { error_code: code, message } = parse(body);
  const number = Number.isSafeInteger(code) && code !== status ? ` (${code})` : '';
  return typeof message === 'string' && message !== ''
    ? `${status}${number} ${shown(message.replace(/\p{C}/gu, ' '))}`
    : `${status}${number}`;
};

/** The host that a redirect names, without path and query, which may hold a login. */
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

import type { SchemaRegistry as RegistrySettings } from '../config/schema-registry.ts';
import {
  type KeyOrArn,
  type SecretOrArn,
  secretSettings,
  settingsOf,
  withAuthority,
} from './given.ts';

/** What a registry is asked for, and by whom. */
export interface SchemaRegistryProps {
  /**
   * Has the event source mapping validate values, and deliver them as JSON, or as they were produced without the registry's header
   * (SOURCE). Values that do not validate go to the on-failure destination.
   * @default the mapping does not ask the registry
   */
  readonly validate?: 'JSON' | 'SOURCE' | undefined;
  /**
   * Has the function ask the registry for the schemas that values were written with.
   * @default true, unless `validate` is given
   */
  readonly functionAsks?: boolean | undefined;
}

/** A login at a registry with Confluent's API. */
export class RegistryAuth {
  /** The login's settings in a stage. */
  readonly settings: Readonly<Record<string, unknown>>;

  private constructor(settings: object) {
    this.settings = { ...settings };
  }

  /** Logs in with name and password. @param secret `{"username":…,"password":…}` */
  static basic(secret: SecretOrArn, key?: KeyOrArn): RegistryAuth {
    return new RegistryAuth({ auth: 'basic', ...secretSettings(secret, key) });
  }

  /** Logs in with a client certificate. @param secret `{"certificate":…,"privateKey":…}` */
  static mtls(secret: SecretOrArn, key?: KeyOrArn): RegistryAuth {
    return new RegistryAuth({ auth: 'mtls', ...secretSettings(secret, key) });
  }

  /** Does not log in. */
  static none(): RegistryAuth {
    return new RegistryAuth({ auth: 'none' });
  }
}

export interface ConfluentRegistryProps extends SchemaRegistryProps {
  /** The address: https, without a login in it. */
  readonly url: string;
  /** The login. */
  readonly auth: RegistryAuth;
  /**
   * The secret `{"certificate":…}` of the authority that signed the registry's certificate; for `validate` alone.
   * @default a public authority has signed it
   */
  readonly ca?: SecretOrArn | undefined;
}

/** A registry of AWS Glue: a `CfnRegistry`, or its ARN. */
export type GlueRegistry = { readonly attrArn: string } | string;

/** The registry of the schemas that values were written with. */
export class SchemaRegistry {
  /** The registry's settings in a stage. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The function's variables that name the registry. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(settings: object, functionAsks: boolean) {
    this.settings = { ...settings };
    const { kind } = this.settings;
    this.environment = functionAsks ? { SCHEMA_REGISTRY: String(kind) } : {};
  }

  /** Names a registry of AWS Glue, in the stack's account and region. */
  static glue(
    registry: GlueRegistry,
    { validate, functionAsks }: SchemaRegistryProps = {},
  ): SchemaRegistry {
    const registryArn = typeof registry === 'string' ? registry : registry.attrArn;
    return new SchemaRegistry(
      settingsOf({ kind: 'glue', registryArn, validate }),
      functionAsks ?? validate === undefined,
    );
  }

  /**
   * Names a registry with Confluent's API.
   * @throws {Error} if the secrets of `auth` and `ca` have two keys.
   */
  static confluent({
    url,
    auth,
    ca,
    validate,
    functionAsks,
  }: ConfluentRegistryProps): SchemaRegistry {
    return new SchemaRegistry(
      settingsOf({ kind: 'confluent', url, ...withAuthority(auth.settings, ca), validate }),
      functionAsks ?? validate === undefined,
    );
  }

  /** Takes the registry of a stage as it was read: its `environment` says whether the function asks. @internal */
  static fromSettings(settings: RegistrySettings): SchemaRegistry {
    return new SchemaRegistry(settings, false);
  }
}

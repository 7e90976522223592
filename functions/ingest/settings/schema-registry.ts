import {
  type Checked,
  certificateOrNull,
  type Findings,
  oneOf,
  secretOrNull,
  type Variables,
} from './variable.ts';

const isRegistryUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return (
    (url?.protocol === 'https:' || url?.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
};

/** The variables that say where the schemas of values are, and how to log in there. */
export const schemaRegistryVariables = {
  SCHEMA_REGISTRY: {
    setting: 'registry',
    meaning:
      'where the schemas are that values were written with: a registry with Confluent’s API, AWS Glue, or the bundle alone (`none`)',
    fallback: 'none',
    ...oneOf('none', 'confluent', 'glue'),
  },
  SCHEMA_REGISTRY_URL: {
    setting: 'registryUrl',
    meaning: 'the address of the `confluent` registry; `http` only without a login',
    rule: 'an `https` or `http` address without a login in it',
    fallback: '',
    parse: (text: string): string | undefined =>
      text === '' || isRegistryUrl(text) ? text : undefined,
    // It may hold a password.
    isWithheld: true,
  },
  SCHEMA_REGISTRY_AUTH: {
    setting: 'registryAuth',
    meaning:
      'how to log in to the `confluent` registry: name and password (`basic`), or a client certificate (`mtls`)',
    fallback: 'none',
    ...oneOf('none', 'basic', 'mtls'),
  },
  SCHEMA_REGISTRY_SECRET_ARN: {
    setting: 'registrySecretArn',
    meaning:
      'the secret `{"username":…,"password":…}` for `basic`, `{"certificate":…,"privateKey":…}` for `mtls`',
    fallback: '',
    ...secretOrNull('a login'),
    isWithheld: true,
  },
  SCHEMA_REGISTRY_CA: {
    setting: 'registryCa',
    meaning: 'the authority that signed the registry’s certificate, if it is not a public one',
    fallback: '',
    ...certificateOrNull,
    isWithheld: true,
  },
} as const satisfies Variables;

/** Checks that the settings of the schema registry fit together. A value that is wrong in itself counts as given. */
export const schemaRegistryFindings = ({
  registry,
  registryUrl,
  registryAuth,
  registrySecretArn,
  registryCa,
}: Checked<typeof schemaRegistryVariables>): Findings => {
  const isForConfluent = (name: string, isGiven: boolean): string | false =>
    (registry === 'none' || registry === 'glue') &&
    isGiven &&
    `${name} is for SCHEMA_REGISTRY=confluent (given "${registry}")`;
  const hasLogin = registryAuth === 'basic' || registryAuth === 'mtls';
  return [
    registry === 'confluent' &&
      registryUrl === '' &&
      'SCHEMA_REGISTRY_URL must be given when SCHEMA_REGISTRY is `confluent` (not given)',
    isForConfluent('SCHEMA_REGISTRY_URL', registryUrl !== ''),
    isForConfluent('SCHEMA_REGISTRY_AUTH', registryAuth !== 'none'),
    isForConfluent('SCHEMA_REGISTRY_CA', registryCa !== null),
    registryAuth !== undefined &&
      hasLogin !== (registrySecretArn !== null) &&
      'SCHEMA_REGISTRY_SECRET_ARN must be given when SCHEMA_REGISTRY_AUTH is `basic` or `mtls`, and only then',
    registryUrl?.startsWith('http:') === true &&
      (hasLogin || typeof registryCa === 'string') &&
      'SCHEMA_REGISTRY_URL must begin with https: when there is a login or an authority',
  ];
};

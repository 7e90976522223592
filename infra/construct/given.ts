import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** A secret of Secrets Manager: a construct, or its whole ARN with the six characters at its end. */
export type SecretOrArn = ISecret | string;

/** A key of KMS: a construct, or its ARN. */
export type KeyOrArn = IKey | string;

/** Makes the settings of a secret. A secret known by its name alone has no whole ARN: the name is left for the rule to refuse. */
export const secretSettings = (secret: SecretOrArn, key?: KeyOrArn) => {
  const secretKeyArn = keyArnOf(
    key ?? (typeof secret === 'string' ? undefined : secret.encryptionKey),
  );
  return {
    secretArn: secretArnOf(secret),
    ...(secretKeyArn === undefined ? {} : { secretKeyArn }),
  };
};

/**
 * Adds the secret of an authority to the settings of a login. Both have one key in the settings.
 * @throws {Error} if their keys differ.
 */
export const withAuthority = (
  login: Readonly<Record<string, unknown>>,
  ca: SecretOrArn | undefined,
): Readonly<Record<string, unknown>> => {
  if (ca === undefined) return login;
  const { secretArn: caSecretArn, ...key } = secretSettings(ca);
  const both: Readonly<Record<string, unknown>> = { ...key, ...login };
  if (key.secretKeyArn !== undefined && key.secretKeyArn !== both['secretKeyArn'])
    throw new Error(
      `The secrets of login and authority must be encrypted with one key (given ${both['secretKeyArn']} and ${key.secretKeyArn})`,
    );
  return { ...both, caSecretArn };
};

const secretArnOf = (secret: SecretOrArn): string =>
  typeof secret === 'string' ? secret : (secret.secretFullArn ?? secret.secretName);

const keyArnOf = (key: KeyOrArn | undefined): string | undefined =>
  typeof key === 'object' ? key.keyArn : key;

/** The unit that a duration has as a setting; the setting's name ends in it. */
const units = {
  batchingWindow: 'Seconds',
  maxRecordAge: 'Seconds',
  timeout: 'Seconds',
  userEventsTtl: 'Days',
  watermarkLag: 'Seconds',
  silence: 'Minutes',
} as const;

const isUnit = (name: string): name is keyof typeof units => Object.hasOwn(units, name);

/** Makes settings of props: durations become numbers, and what is not given is left out. */
export const settingsOf = (props: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(props).flatMap(([name, value]): [string, unknown][] => {
      if (value === undefined) return [];
      return isUnit(name)
        ? [[`${name}${units[name]}`, numberOf(value, units[name])]]
        : [[name, value]];
    }),
  );

const numberOf = (duration: Duration, unit: (typeof units)[keyof typeof units]): number =>
  duration[`to${unit}`]({ integral: false });

/** Makes props of settings: the inverse of `settingsOf`. */
export const propsOf = <Props extends object>(settings: object): Props => {
  const made = Object.entries(units).map(
    ([name, unit]) => [`${name}${unit}`, { name, unit }] as const,
  );
  const durations = Object.fromEntries(made);
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const found = durations[name];
      if (found === undefined || value === undefined) return [found?.name ?? name, value];
      return [found.name, durationOf(value, found.unit)];
    }),
  ) as Props;
};

const durationOf = (amount: number, unit: (typeof units)[keyof typeof units]): Duration => {
  if (unit === 'Days') return Duration.days(amount);
  return unit === 'Minutes' ? Duration.minutes(amount) : Duration.seconds(amount);
};

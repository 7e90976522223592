import { cassandraFindings, cassandraVariables } from './cassandra.ts';
import { ConfigError } from './config-error.ts';
import { eventTimeFindings, eventTimeVariables } from './event-time.ts';
import { kafkaVariables } from './kafka.ts';
import { lambdaFindings } from './lambda.ts';
import { latenessVariables } from './lateness.ts';
import { schemaRegistryFindings, schemaRegistryVariables } from './schema-registry.ts';
import { tableVariables } from './tables.ts';
import type { Checked, SettingsOf, Variable } from './variable.ts';
import { wireFormatVariables } from './wire-format.ts';

/** Every environment variable that the function reads, in the order of docs/configuration.md. */
export const variables = {
  ...cassandraVariables,
  ...kafkaVariables,
  ...latenessVariables,
  ...eventTimeVariables,
  ...tableVariables,
  ...wireFormatVariables,
  ...schemaRegistryVariables,
};

type Name = keyof typeof variables;
type Required = { [N in Name]: (typeof variables)[N]['fallback'] extends null ? N : never }[Name];

/** The variables as whoever deploys the function gives them: those without a fallback must be there. */
export type Environment = { readonly [N in Required]: string } & {
  readonly [N in Exclude<Name, Required>]?: string;
};

/** The function's settings, checked; times in milliseconds unless the name says otherwise. */
export type Settings = SettingsOf<typeof variables>;

/** The technologies whose variables have a prefix of their own: another name with it is a typing mistake. */
const ownPrefix = /^(CASSANDRA|SCHEMA_REGISTRY|EVENT_TIME)_/;

/**
 * Reads the settings from environment variables.
 * @throws {ConfigError} naming every mistake with its rule and value; a value that may be a secret is not repeated.
 */
export const readSettings = (
  environment: Readonly<Record<string, string | undefined>>,
): Settings => {
  const wrong: string[] = [];
  const given = (name: string): string => environment[name]?.trim() ?? '';
  const fallbackOf = (name: string): string | null => {
    const { fallback }: Variable = variables[name as Name];
    return fallback === null || typeof fallback === 'string'
      ? fallback
      : given(fallback.sameAs) || fallbackOf(fallback.sameAs);
  };
  const read = ([name, variable]: [string, Variable]): unknown => {
    const text = given(name);
    if (text === '') {
      const fallback = fallbackOf(name);
      if (fallback === null) wrong.push(`${name} must be ${variable.rule} (not given)`);
      return fallback === null ? undefined : variable.parse(fallback);
    }
    const value = variable.parse(text);
    if (value === undefined) {
      const shown = variable.isWithheld ? `${text.length} characters` : JSON.stringify(text);
      wrong.push(`${name} must be ${variable.rule} (given ${shown})`);
    }
    return value;
  };
  const checked = Object.fromEntries(
    Object.entries<Variable>(variables).map((entry) => [entry[1].setting, read(entry)]),
  ) as Checked<typeof variables>;

  const mistakes = [
    ...wrong,
    ...cassandraFindings(checked),
    ...eventTimeFindings(checked),
    ...schemaRegistryFindings(checked),
    ...lambdaFindings(environment),
    ...unknownNames(environment),
  ].filter((finding) => finding !== false);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return checked as Settings;
};

const unknownNames = (environment: object): string[] =>
  Object.keys(environment)
    .filter((name) => ownPrefix.test(name) && !Object.hasOwn(variables, name))
    .map((name) => `${name} is not a setting (is it one of ${Object.keys(variables).join(', ')}?)`);

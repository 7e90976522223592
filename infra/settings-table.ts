import * as z from 'zod';
import { variables } from '../functions/ingest/settings/read-settings.ts';
import type { Variable } from '../functions/ingest/settings/variable.ts';
import { environment } from './config/environment.ts';
import { stageSettings } from './config/stage.ts';

/** The part of JSON Schema that the page uses, with the rule that `config/rules.ts` adds. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly rule?: string;
  /** The value that counts if the setting is not given, though the schema fills in nothing. */
  readonly otherwise?: unknown;
}

/** Makes docs/configuration.md: every setting of a stage, by kinds of source, sink, registry and destination, and every variable. */
export const configurationPage = (): string => {
  const schema = z.toJSONSchema(stageSettings, { io: 'input', unrepresentable: 'any' }) as Schema;
  return [
    '# Configuration',
    '',
    'A *stage* is a deployment: an object of settings in `cdk.json` under `context.stages`, or in the file that `-c stages=<file>` names, a JSON',
    'object of stages by their names. A *variable* is an environment variable of the function. A stage makes the variables; local runs take',
    'them from the shell.',
    '',
    '`cdk synth` reports all mistakes of a stage together, each with path, rule and value. It refuses what AWS would refuse or ignore',
    '(`infra/config/guards/`), and warns of what loses data (`infra/config/warnings.ts`). The function reports all mistakes in its variables',
    'together when it starts.',
    '',
    '*Required* says whether a setting must be given: `yes`, `no`, or `with` the setting that needs it. *Default* is the value that counts if',
    'it is not given; – means that there is none, and *meaning* says what happens then. `npm run generate` makes this page.',
    '',
    `Contents: ${[...sections('', schema).map(({ title }) => title), variablesTitle].map(link).join(' · ')}`,
    ...sections('', schema).flatMap(({ title, rows }) => [
      '',
      `## ${title}`,
      '',
      '| setting | required | default | must be | meaning |',
      '|---|---|---|---|---|',
      ...rows,
    ]),
    '',
    `## ${variablesTitle}`,
    '',
    'A stage sets each variable by the setting in the second column. Values of `environment` stand in quotes. A name that begins with',
    '`CASSANDRA_`, `SCHEMA_REGISTRY_` or `EVENT_TIME_` and is not in this table is refused.',
    '',
    '| variable | in a stage | required | default | must be | meaning |',
    '|---|---|---|---|---|---|',
    ...Object.entries<Variable>(variables).map(([name, variable]) => variableRow(name, variable)),
    '',
  ].join('\n');
};

const variablesTitle = 'Environment variables';

/** Makes a link to a heading of the page, whose anchor GitHub makes of its letters, digits, hyphens and spaces. */
const link = (title: string): string =>
  `[${title}](#${title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-')})`;

/** The settings of a stage that variables are made of, besides `environment`. */
const setBy = (name: string): string =>
  name in environment.unwrap().shape
    ? 'environment'
    : name.startsWith('CASSANDRA_')
      ? 'sink'
      : name === 'CONSUMER_GROUP_ID'
        ? 'consumerGroup'
        : 'mapping';

const variableRow = (name: string, { fallback, rule, meaning }: Variable): string => {
  const standard =
    fallback === null || fallback === ''
      ? none
      : typeof fallback === 'object'
        ? `as \`${fallback.sameAs}\``
        : `\`${fallback}\``;
  return `| \`${name}\` | \`${setBy(name)}\` | ${fallback === null ? 'yes' : 'no'} | ${standard} | ${rule} | ${meaning} |`;
};

/** The cell of a setting without a default. */
const none = '–';

interface Section {
  readonly title: string;
  readonly rows: readonly string[];
}

/** Makes the sections of the page. @param within the nearest optional setting around these, with which alone they are required. */
const sections = (path: string, schema: Schema, within?: string): Section[] => {
  const choices = kinds(schema);
  if (choices.length > 0) return choices.flatMap((choice) => sections(path, choice, within));
  const below = Object.entries(schema.properties ?? {}).filter(
    ([, property]) => kinds(property).length > 0,
  );
  return [
    { title: title(path, schema), rows: rows(path, schema, within) },
    ...below.flatMap(([name, property]) => {
      const here = join(path, name);
      return sections(here, property, schema.required?.includes(name) ? within : here);
    }),
  ];
};

/** Lists the kinds of objects that a setting can be; none for a setting that is no choice of objects. */
const kinds = ({ oneOf, anyOf = oneOf }: Schema): readonly Schema[] =>
  anyOf?.every(isKind) ? anyOf : [];
const isKind = (schema: Schema): boolean =>
  schema.properties !== undefined || kinds(schema).length > 0;

const title = (path: string, { properties = {} }: Schema): string => {
  if (path === '') return 'The stage';
  const told = Object.entries(properties)
    .filter(([name, property]) => ['kind', 'auth'].includes(name) && property.enum !== undefined)
    .map(([name, property]) => `${name} ${property.enum?.map((one) => `\`${one}\``).join(', ')}`);
  return `\`${path}\`: ${told.join(', ')}`;
};

const rows = (
  path: string,
  { properties = {}, required = [] }: Schema,
  within: string | undefined,
): string[] =>
  Object.entries(properties).flatMap(([name, property]) => {
    if (kinds(property).length > 0) return [];
    const here = join(path, name);
    if (here === 'environment') return [environmentRow];
    const isRequired = required.includes(name);
    if (property.properties !== undefined) return rows(here, property, isRequired ? within : here);
    const need = isRequired ? (within === undefined ? 'yes' : `with \`${within}\``) : 'no';
    const [literal, object] = property.anyOf ?? [];
    if (literal !== undefined && object !== undefined)
      return [
        row(here, { ...literal, default: property.default }, need),
        ...rows(here, object, here),
      ];
    return [row(here, property, need)];
  });

const environmentRow =
  '| `environment` | no | – | an object of variables | the variables below whose second column is `environment` |';

/** Makes a setting's row. @param need says whether it must be given. */
const row = (path: string, schema: Schema, need: string): string => {
  const { rule, description, otherwise, default: given = otherwise } = schema;
  const shown = given === undefined ? none : `\`${JSON.stringify(given)}\``;
  return `| \`${path}\` | ${need} | ${shown} | ${rule ?? ''} | ${description ?? ''} |`;
};

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

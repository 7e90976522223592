import * as z from 'zod';
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

/** Makes docs/settings.md: every setting of a stage, with a table for each kind of source, sink, registry and destination. */
export const settingsPage = (): string => {
  const schema = z.toJSONSchema(stageSettings, { io: 'input', unrepresentable: 'any' }) as Schema;
  return [
    '# Settings of a stage',
    '',
    'The settings of a stage in `cdk.json` (`context.stages`). `npm run settings` makes this page from `infra/config/stage.ts`. `cdk synth`',
    'reports all mistakes of a stage together, each with path, rule and value. It refuses settings that AWS would refuse or ignore',
    '(`infra/config/guards/`), and warns of settings that lose data (`infra/config/warnings.ts`).',
    ...sections('', schema).flatMap(({ title, rows }) => [
      '',
      `## ${title}`,
      '',
      '| setting | default | must be | meaning |',
      '|---|---|---|---|',
      ...rows,
    ]),
    '',
  ].join('\n');
};

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
    const isRequired = required.includes(name);
    if (property.properties !== undefined) return rows(here, property, isRequired ? within : here);
    const absent = isRequired ? mustBeGiven(within) : 'may be left out';
    const [literal, object] = property.anyOf ?? [];
    if (literal !== undefined && object !== undefined)
      return [
        row(here, { ...literal, default: property.default }, absent),
        ...rows(here, object, here),
      ];
    return [row(here, property, absent)];
  });

const mustBeGiven = (within: string | undefined): string =>
  within === undefined ? 'must be given' : `must be given with \`${within}\``;

/** Makes a setting's row. @param absent the text for a setting without a default. */
const row = (path: string, schema: Schema, absent: string): string => {
  const { rule, description, otherwise, default: given = otherwise || undefined } = schema;
  const shown = isSameAs(given)
    ? `as \`${join(path.slice(0, path.lastIndexOf('.')), given.sameAs)}\``
    : given === undefined
      ? absent
      : `\`${JSON.stringify(given)}\``;
  return `| \`${path}\` | ${shown} | ${rule ?? ''} | ${description ?? ''} |`;
};

/** Tells whether another setting's value counts if a setting is not given. */
const isSameAs = (given: unknown): given is { readonly sameAs: string } =>
  typeof given === 'object' && given !== null && 'sameAs' in given;

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

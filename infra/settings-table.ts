import * as z from 'zod';
import { stageSettings } from './config.ts';

/** The used part of JSON Schema, with the rule that `config/rules.ts` adds. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly rule?: string;
  /** The effective value of a setting that is not given and has no default in the schema. */
  readonly otherwise?: unknown;
}

/** Makes docs/settings.md: every setting of a stage, in a table for each kind of object. */
export const settingsPage = (): string => {
  const schema = z.toJSONSchema(stageSettings, { io: 'input', unrepresentable: 'any' }) as Schema;
  return [
    '# Settings of a stage',
    '',
    'What a stage in `cdk.json` (`context.stages`) can say; made by `npm run settings` from `infra/config.ts`, and tested',
    'to be. A setting without a default must be given, unless it says otherwise. All mistakes are reported together when the',
    'stage is synthesized, each with path, rule and value; so is what AWS would refuse or ignore',
    '(`infra/config/guards.ts`), and what loses data is warned of (`infra/config/warnings.ts`).',
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

const sections = (path: string, schema: Schema): Section[] => {
  const choices = kinds(schema);
  if (choices.length > 0) return choices.flatMap((choice) => sections(path, choice));
  const below = Object.entries(schema.properties ?? {}).filter(
    ([, property]) => kinds(property).length > 0,
  );
  return [
    { title: title(path, schema), rows: rows(path, schema) },
    ...below.flatMap(([name, property]) => sections(join(path, name), property)),
  ];
};

/** Lists the kinds of objects of which a setting takes one. */
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

const rows = (path: string, { properties = {}, required = [] }: Schema): string[] =>
  Object.entries(properties).flatMap(([name, property]) => {
    if (kinds(property).length > 0) return [];
    const here = join(path, name);
    if (property.properties !== undefined) return rows(here, property);
    const [literal, object] = property.anyOf ?? [];
    if (literal !== undefined && object !== undefined)
      return [row(here, { ...literal, default: property.default }, true), ...rows(here, object)];
    return [row(here, property, required.includes(name))];
  });

const row = (path: string, schema: Schema, required: boolean) => {
  const { rule, description, otherwise, default: given = otherwise || undefined } = schema;
  const shown = isSameAs(given)
    ? `as \`${join(path.slice(0, path.lastIndexOf('.')), given.sameAs)}\``
    : given === undefined
      ? required
        ? ''
        : 'may be left out'
      : `\`${JSON.stringify(given)}\``;
  return `| \`${path}\` | ${shown} | ${rule ?? ''} | ${description ?? ''} |`;
};

/** Recognises a default that is another setting's value. */
const isSameAs = (given: unknown): given is { readonly sameAs: string } =>
  typeof given === 'object' && given !== null && 'sameAs' in given;

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

import * as z from 'zod';
import { stageSettings } from '../../infra/config/stage.ts';

/** The used part of JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The effective value of a setting that is not given and has no default in the schema. */
  readonly otherwise?: unknown;
}

/** A setting that has a value and not further settings. */
export interface Leaf {
  /** The path of the setting, such as `source.secretArn`. */
  readonly path: string;
  /** The kind and login of its object, such as `source self-managed none`; '' for the stage itself. */
  readonly variant: string;
  readonly schema: Schema;
}

/** Lists every setting of a stage, in every kind of object, from the schema. */
export const leaves = (): readonly Leaf[] =>
  leavesOf(
    z.toJSONSchema(stageSettings, { io: 'input', unrepresentable: 'any' }) as Schema,
    '',
    '',
  );

const leavesOf = (schema: Schema, path: string, variant: string): readonly Leaf[] => {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined)
    return choices.flatMap((choice) =>
      leavesOf(choice.properties ? choice : { default: schema.default, ...choice }, path, variant),
    );
  if (schema.properties === undefined) return [{ path, variant, schema }];
  const here = variantOf(schema.properties);
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    leavesOf(
      property,
      path === '' ? name : `${path}.${name}`,
      here === '' ? variant : `${path} ${here}`,
    ),
  );
};

const variantOf = ({ kind, auth }: Readonly<Record<string, Schema>>): string =>
  [kind, auth].flatMap((told) => told?.enum?.[0] ?? []).join(' ');

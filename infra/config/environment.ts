import type * as z from 'zod';
import { type Environment, variables } from '../../functions/ingest/settings/read-settings.ts';
import { settings, text } from './rules.ts';

/** Variables that are made of the rest of a stage, besides those of the database: given twice, they could disagree. */
const derived = ['CONSUMER_GROUP_ID', 'PARTIAL_RESPONSES'] as const;
type Derived = Extract<keyof Environment, `CASSANDRA_${string}`> | (typeof derived)[number];

/** The variables that a stage gives by their own names. */
type Free = Exclude<keyof Environment, Derived>;

const isFree = (name: string): name is Free =>
  !name.startsWith('CASSANDRA_') && !derived.some((other) => other === name);

/** The function's own settings, with the rules that the function gives them. */
export const environment = settings(
  Object.fromEntries(
    Object.keys(variables)
      .filter(isFree)
      .map((name) => {
        const { rule } = variables[name];
        return [
          name,
          text('', 'text, in quotes', /^/)
            .meta({ rule: `in quotes, ${rule}` })
            .optional(),
        ];
      }),
  ) as Record<Free, z.ZodOptional<z.ZodString>>,
).prefault({});

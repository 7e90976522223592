import type * as z from 'zod';
import { variables } from '../../functions/ingest/settings/read-settings.ts';
import { type FreeVariable, madeOf } from './made-of.ts';
import { settings, text } from './rules.ts';

const isFree = (name: string): name is FreeVariable => !(name in madeOf);

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
  ) as Record<FreeVariable, z.ZodOptional<z.ZodString>>,
).prefault({});

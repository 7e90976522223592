import * as z from 'zod';
import { nameLike } from './did-you-mean.ts';
import { isToken } from './tokens.ts';

/**
 * Words a mistake as "must be <rule> (given <value>)". Each kind of setting below keeps its meaning and its rule as metadata: the table of
 * docs/configuration.md is made of them.
 */
const rule = (text: string) => ({
  error: ({ input }: { readonly input: unknown }) =>
    `must be ${text} (${input === undefined ? 'not given' : `given ${JSON.stringify(input)}`})`,
});

/** A test that a text must pass: a regular expression, or an object with the same method. */
interface Pattern {
  test(given: string): boolean;
}

const matching = (must: string, pattern: Pattern) =>
  z.string(rule(must)).refine((given) => isToken(given) || pattern.test(given), rule(must));

/** @param mistaken a text that is easily given by mistake, and what it is; the message says so. */
export const text = (
  meaning: string,
  must: string,
  pattern: Pattern,
  mistaken?: { readonly pattern: Pattern; readonly is: string },
) =>
  (mistaken === undefined
    ? z.string(rule(must))
    : z.string(rule(must)).refine((given) => !mistaken.pattern.test(given), {
        ...rule(`${must}; this is ${mistaken.is}`),
        abort: true,
      })
  )
    .refine((given) => isToken(given) || pattern.test(given), rule(must))
    .meta({ description: meaning, rule: must });

export const texts = (
  meaning: string,
  must: string,
  pattern: Pattern,
  most: number,
  fewest = 1,
) => {
  const count = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const list = `a list of ${count}, each ${must}, none of them twice`;
  return z
    .array(matching(must, pattern), rule(list))
    .min(fewest, rule(list))
    .max(most, rule(list))
    .refine((given) => new Set(given).size === given.length, rule(list))
    .meta({ description: meaning, rule: list });
};

/** @param why the reason for the bounds, for the message. */
export const wholeNumber = (meaning: string, lowest: number, highest: number, why?: string) => {
  const range = `a whole number, ${lowest} to ${highest}`;
  const must = why === undefined ? range : `${range}: ${why}`;
  return z
    .int(rule(must))
    .min(lowest, rule(must))
    .max(highest, rule(must))
    .meta({ description: meaning, rule: must });
};

export const oneOf = <const T extends string>(meaning: string, choices: readonly T[]) => {
  const must = choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(', ')}`;
  return z.enum(choices, rule(must)).meta({ description: meaning, rule: must });
};

export const flag = (meaning: string) =>
  z.boolean(rule('true or false')).meta({ description: meaning, rule: 'true or false' });

/** Accepts an object with these keys alone: a misspelt optional key would silently do nothing. */
export const settings = <T extends z.core.$ZodShape>(
  shape: T,
  must = `an object with ${Object.keys(shape).join(', ')}`,
) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? (issue['keys'] as string[]).map((key) => unknown(key, Object.keys(shape))).join('\n')
        : rule(must).error(issue),
  });

/** Words the mistake of an unknown key; a message has a line for each. Its value is not repeated: it may be a password. */
const unknown = (key: string, known: readonly string[]): string => {
  const like = nameLike(key, known);
  return like === undefined
    ? `is not a setting (is it one of ${known.join(', ')}?)`
    : `is not a setting (did you mean ${like}?)`;
};

/**
 * Accepts one of several kinds of objects. If the kind itself is wrong, what no kind would take is reported beside it.
 * @param told the key whose value names the kind.
 */
export const oneKindOf = <
  T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(
  told: string,
  kinds: readonly string[],
  options: T,
) =>
  z
    .discriminatedUnion(told, options, {
      error: (issue) =>
        issue.code === 'invalid_union'
          ? rule(`one of ${kinds.join(', ')}`).error({ input: Object(issue.input)[told] })
          : rule(`an object with ${told}`).error(issue),
    })
    .superRefine(
      (given, context) => {
        const isOfKind = !context.issues.some(
          ({ code, path }) => code === 'invalid_union' && path?.at(-1) === told,
        );
        if (isOfKind || typeof given !== 'object' || given === null) return;
        for (const issue of takenByNone(given, shapesOf(options), told)) context.addIssue(issue);
      },
      { when: () => true },
    );

type Shape = Readonly<Record<string, z.core.$ZodType>>;
type Issue = Exclude<Parameters<z.core.$RefinementCtx['addIssue']>[0], string>;

/** Lists the shapes of kinds of objects, each of which may itself be one of several kinds. */
const shapesOf = (options: readonly unknown[]): readonly Shape[] =>
  options.flatMap((option) => {
    const { options: within, shape } = Object(option);
    return within === undefined ? [shape as Shape] : shapesOf(within);
  });

/** Finds the mistakes of an object that are mistakes in each of its kinds: keys that none has, and values that none takes. */
const takenByNone = (given: object, shapes: readonly Shape[], told: string): readonly Issue[] => {
  const known = [...new Set(shapes.flatMap(Object.keys))];
  const keys = new Set([
    ...known.filter((key) => shapes.every((one) => key in one)),
    ...Object.keys(given),
  ]);
  keys.delete(told);
  return [...keys].flatMap((key): Issue[] => {
    const input = Object(given)[key];
    const rules = shapes.flatMap((shape) => shape[key] ?? []);
    if (rules.length === 0)
      return [
        {
          code: 'unrecognized_keys',
          keys: [key],
          input: { ...given },
          message: unknown(key, known),
        },
      ];
    const errors = rules.map((one) => z.safeParse(one, input).error);
    const [first] = errors;
    if (first === undefined || errors.some((one) => one === undefined)) return [];
    return first.issues.map((issue) => ({ ...issue, input, path: [key, ...issue.path] }) as Issue);
  });
};

/** The ARN of a secret with the six characters at its end, which a policy needs. */
const secretArnPattern =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$/;
export const wholeSecretArn = 'a secret’s whole ARN, as in …:secret:name-AbCdEf';
export const isSecretArn = (given: string): boolean => secretArnPattern.test(given);
export const secretArn = (meaning: string) => text(meaning, wholeSecretArn, secretArnPattern);

export const keyArn = (meaning: string) =>
  text(meaning, 'a KMS key’s ARN', /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/);

/** Makes rule and pattern of an identifier of EC2. */
export const ec2Id = (kind: 'vpc' | 'subnet' | 'sg') =>
  [
    `${kind}- and 8 or 17 hexadecimal digits`,
    new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
  ] as const;

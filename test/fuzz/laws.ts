import fc from 'fast-check';
import { avroBytes } from './avro-bytes.ts';
import { readsLikeTheOthers } from './decoding.ts';
import { eventJson } from './event-json.ts';
import { becomesOutcomes } from './ingesting.ts';
import { jsonBytes } from './json-bytes.ts';
import type { LawName } from './shares.ts';
import { readsTheFramed } from './unframing.ts';
import { framedValues } from './wire-formats.ts';

/** The fates of a run's inputs, with their numbers. */
export type Became = Map<string, number>;

export interface Run {
  readonly inputs: number;
  readonly seed: number;
  /** The path by which fast-check finds one input of the same seed: it alone is checked, once. */
  readonly path?: string;
}

/**
 * Checks a law with random inputs.
 * @throws {Error} at the first input that breaks it, shrunk, with the command that repeats it.
 */
type Law = (run: Run) => Promise<Became>;

const law =
  <Input>(
    name: string,
    inputs: fc.Arbitrary<Input>,
    becomes: (input: Input) => Promise<readonly string[]>,
    show: (input: Input) => string,
  ): Law =>
  async ({ inputs: numRuns, seed, path }) => {
    const became: Became = new Map();
    // fast-check would go on from a path to the inputs that it shrinks to, without an end in sight.
    const given =
      path === undefined
        ? inputs
        : fc.constantFrom(...fc.sample(inputs, { seed, path, numRuns: 1 }));
    const property = fc.asyncProperty(given, async (input) => {
      for (const what of await becomes(input)) became.set(what, (became.get(what) ?? 0) + 1);
    });
    const { counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
      numRuns: path === undefined ? numRuns : 1,
      seed,
    });
    if (counterexample === null) return became;
    const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    throw new Error(
      `An input of ${name} breaks the law:\n  ${show(counterexample[0])}\n${why}\n` +
        `Repeat it: npm run fuzz -- --only ${name} --seed ${seed} --path ${path ?? counterexamplePath}`,
      { cause: errorInstance },
    );
  };

const failingCalls = fc.array(fc.nat(20), { maxLength: 2 });

/** The laws by their inputs: values in Avro and JSON, and values in wire formats, as hexadecimal bytes, and events as JSON. */
export const laws = {
  values: law(
    'values',
    fc.oneof({ weight: 3, arbitrary: avroBytes }, { weight: 1, arbitrary: jsonBytes }),
    async (value) => [readsLikeTheOthers(value)],
    (value) => value.toString('hex'),
  ),
  framed: law(
    'framed',
    framedValues,
    async (framed) => [await readsTheFramed(framed)],
    ({ value, headers, format, framing, schema }) =>
      `${value.toString('hex')}\n  of ${headers.length} headers, ${framing} of schema ${schema}, read as ${format}`,
  ),
  events: law(
    'events',
    fc.tuple(eventJson, failingCalls),
    ([text, failing]) => becomesOutcomes(text, failing),
    ([text, failing]) => `${text}\n  with these calls of the store failing: ${failing.join(', ')}`,
  ),
} satisfies Record<LawName, Law>;

import type { Kind } from '../../functions/ingest/event/kinds.ts';
import type { EventPlan } from '../../functions/ingest/event/plan.ts';
import type { FieldValue, FieldValues } from '../../functions/ingest/event/user-event.ts';

/** Writes values of each kind as plain JSON. */
const sources: { readonly [K in Kind]: (value: never) => string } = {
  uuid: (value: string) => JSON.stringify(value),
  text: (value: string) => JSON.stringify(value),
  time: (value: number) => `${value}`,
  map: (value: ReadonlyMap<string, string>) =>
    `{${[...value].map((entry) => entry.map((text) => JSON.stringify(text)).join(':')).join(',')}}`,
  bigint: (value: bigint) =>
    Number.isSafeInteger(Number(value)) ? `${value}` : JSON.stringify(`${value}`),
  int: (value: number) => `${value}`,
  boolean: (value: boolean) => `${value}`,
  // JSON.stringify leaves the sign of −0 out.
  double: (value: number) => (Object.is(value, -0) ? '-0.0' : `${value}`),
  blob: (value: Buffer) => JSON.stringify(value.toString('base64')),
};

/** Writes a value of a kind as plain JSON. */
export const sourceOf = (kind: Kind, value: FieldValue): string =>
  value === null ? 'null' : sources[kind](value as never);

/** Writes an event's values as plain JSON, in the order of the plan. */
export const plainJson = ({ fields }: EventPlan, values: FieldValues): Buffer =>
  Buffer.from(
    `{${fields
      .map(({ name, kind }) => `${JSON.stringify(name)}:${sourceOf(kind, values[name] ?? null)}`)
      .join(',')}}`,
  );

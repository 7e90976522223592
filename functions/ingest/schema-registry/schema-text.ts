/** A schema as a registry has it: JSON text, and the schemas that it refers to, each before those that need it. */
export interface SchemaText {
  readonly text: string;
  readonly references: readonly ReferenceText[];
}

/** A schema that another refers to. */
export interface ReferenceText {
  readonly text: string;
  /** Where it is from, as messages name it: a subject and its version. */
  readonly origin: string;
}

/** Names come from others: quoted, and not longer than a line. */
export const shown = (name: string): string =>
  name.length <= 100 ? JSON.stringify(name) : `${JSON.stringify(name.slice(0, 100))}…`;

/** A schema as a registry has it: JSON text, and the schemas that it refers to, each before the schemas that need it. */
export interface SchemaText {
  readonly text: string;
  readonly references: readonly ReferenceText[];
}

/** A schema that another schema refers to. */
export interface ReferenceText {
  readonly text: string;
  /** The origin that messages name: a subject and its version. */
  readonly origin: string;
}

/** Quotes a foreign name for a message, and shortens it to a line. */
export const shown = (name: string): string =>
  name.length <= 100 ? JSON.stringify(name) : `${JSON.stringify(name.slice(0, 100))}…`;

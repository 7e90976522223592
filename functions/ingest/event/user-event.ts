/** A value of a field, as people and tests ask for it. */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | Buffer
  | ReadonlyMap<string, string>
  | null;

/** One user action on the website, valid: what becomes a row of `user_events`. */
export interface UserEvent {
  readonly kind: 'event';
  /** Milliseconds since the epoch; may be negative. */
  readonly eventTime: number;
  /** The row's key without what is computed from its parts: the same text for two events of one row, and for no others. */
  readonly rowKey: string;
  /**
   * Makes a field's value: a uuid as text in lower case, a time in milliseconds, a long as a bigint.
   * @throws where the schema has no field of this name.
   */
  get(name: string): FieldValue;
  /** Makes all fields' values, by their names, in the order of the schema. */
  toObject(): Record<string, FieldValue>;
}

/** The values of an event's fields, by their names. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** An event as it was decoded: nothing is checked but that each value has its field's kind, or is null. */
export interface Decoded {
  readonly kind: 'decoded';
  readonly values: FieldValues;
}

/** A value of a field, in the form for people and tests. */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | Buffer
  | ReadonlyMap<string, string>
  | null;

/** A valid user action on the website, which becomes a row of `user_events`. */
export interface UserEvent {
  readonly kind: 'event';
  /** The event's time in milliseconds since the epoch; may be negative. */
  readonly eventTime: number;
  /** The row's key without computed columns: equal texts exactly for two events of one row. */
  readonly rowKey: string;
  /**
   * Makes a field's value: a uuid as text in lower case, a time in milliseconds, a long as a bigint.
   * @throws where the schema has no field of this name.
   */
  get(name: string): FieldValue;
  /** Makes the values of all fields, by name, in the order of the schema. */
  toObject(): Record<string, FieldValue>;
}

/** The values of an event's fields, by name. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** An event as it was decoded. Each value has its field's kind or is null; nothing else is checked yet. */
export interface Decoded {
  readonly kind: 'decoded';
  readonly values: FieldValues;
}

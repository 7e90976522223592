import type { Reason } from '../../../functions/ingest/event/rejection.ts';
import published from '../../../schema/user-event.avsc.json' with { type: 'json' };
import { type EventRules, type Expected, eventRules, type ReadEvent } from './expected.ts';
import { type ReadWritten, writerOf } from './read-by-writer.ts';
import { type NamedHeaders, unframe, type WireFormat } from './unframe.ts';
import { NotUnderstood, writerType } from './writer-type.ts';

/** The reading of a record by the rules, before its time is judged. */
export type Reading =
  | { readonly kind: 'event'; readonly event: ReadEvent }
  /** The record must be rejected for this reason. */
  | { readonly kind: 'broken'; readonly reason: Reason }
  /** These rules cannot tell what the value is. */
  | {
      readonly kind: 'unjudged';
      readonly why: 'notUnderstood' | 'schemaGone' | 'schemaUnread';
      readonly detail?: string;
    };

export type SchemaId = number | string;

/** An answer to the question for a schema. */
export type SchemaAnswer =
  | { readonly kind: 'found'; readonly text: string; readonly references: readonly string[] }
  | { readonly kind: 'not avro' }
  /** Nobody has the schema. `isFinal` is true where nobody can have had it either. */
  | { readonly kind: 'unknown'; readonly isFinal: boolean }
  | { readonly kind: 'unread'; readonly detail: string };

/** Reads records by the rules. */
export interface RecordReader {
  /** Reads a record, or names the schema that must be asked for first. */
  readonly read: (record: ReadableRecord) => Reading | { readonly schema: SchemaId };
  /** Takes the answer to the question for a schema. */
  readonly learn: (id: SchemaId, answer: SchemaAnswer) => void;
}

export interface ReadableRecord {
  readonly value: Buffer | null;
  readonly headers: NamedHeaders;
}

interface ReaderOptions {
  readonly wireFormat: WireFormat;
  /** The first and the last event time that the settings allow, in milliseconds. */
  readonly earliestEventTime: number;
  readonly latestEventTime: number;
  /** The schemas of bare values before today's. */
  readonly bare: readonly unknown[];
}

/** What becomes of the values of a schema. */
type Known = Reading | ReadWritten;

/** The most schemas that are remembered: nonsense may name a schema in each value. */
const mostKnown = 20_000;

/** Makes a reader of records in all wire formats. */
export const createRecordReader = (options: ReaderOptions): RecordReader => {
  const { wireFormat, earliestEventTime, latestEventTime } = options;
  const rules = eventRules(options.bare);
  const names = [published.name, ...((published as { aliases?: string[] }).aliases ?? [])].map(
    (name) => name.replace(/^.*\./, ''),
  );
  const known = new Map<SchemaId, Known>();

  const judged = (expected: Expected): Reading => {
    if ('reason' in expected) return { kind: 'broken', reason: expected.reason };
    const { event } = expected;
    return event.event_time < earliestEventTime || event.event_time > latestEventTime
      ? { kind: 'broken', reason: 'invalid_event_time' }
      : { kind: 'event', event };
  };

  return {
    read({ value, headers }) {
      if (value === null) return { kind: 'broken', reason: 'tombstone' };
      const unframed = unframe(value, headers, wireFormat);
      switch (unframed.kind) {
        case 'bare':
          return judged(rules.bare(value));
        case 'json':
          return judged(rules.json(value));
        case 'undecodable':
          return { kind: 'broken', reason: 'undecodable' };
        case 'framed': {
          const writer = known.get(unframed.id);
          if (writer === undefined) return { schema: unframed.id };
          if (typeof writer !== 'function') return writer;
          return understood<Reading>(() => {
            const values = writer(unframed.bytes);
            return values === null
              ? { kind: 'broken', reason: 'undecodable' }
              : judged(rules.judged(values));
          });
        }
      }
    },
    learn(id, answer) {
      if (known.size >= mostKnown) known.clear();
      known.set(id, knownOf(answer, rules, names));
    },
  };
};

const knownOf = (answer: SchemaAnswer, rules: EventRules, names: readonly string[]): Known => {
  switch (answer.kind) {
    case 'unread':
      return { kind: 'unjudged', why: 'schemaUnread', detail: answer.detail };
    case 'unknown':
      return answer.isFinal
        ? { kind: 'broken', reason: 'unknown_schema' }
        : { kind: 'unjudged', why: 'schemaGone' };
    case 'not avro':
      return { kind: 'broken', reason: 'incompatible_schema' };
    case 'found':
      return understood<Known>(() => {
        const writer = writerOf(writerType(answer.text, answer.references), rules.fields, names);
        return writer.kind === 'readable'
          ? writer.read
          : { kind: 'broken', reason: 'incompatible_schema' };
      });
  }
};

/** Runs a step that may meet what these rules do not know. */
const understood = <T>(step: () => T): T | Reading => {
  try {
    return step();
  } catch (error) {
    // A value that nests too deep exhausts the stack.
    if (error instanceof NotUnderstood || error instanceof RangeError)
      return { kind: 'unjudged', why: 'notUnderstood' };
    throw error;
  }
};

import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/**
 * The findings file of `verify`: JSON lines, each of one type. The first line is the header. `redrive` takes such a file, and so does
 * `verify --again`. It has positions and sentences of ours, and no contents of a record.
 *
 * | type      | meaning                                                                                                        |
 * |-----------|----------------------------------------------------------------------------------------------------------------|
 * | `verify`  | the header: what was looked at, where, and by which settings                                                   |
 * | `finding` | a record that is not as it must be, or of which that cannot be told. A record has one finding at the most       |
 * | `open`    | a record whose row holds other values; whether another record explains them is still looked for. No finding yet |
 * | `settled` | an open record that another record explains                                                                    |
 * | `state`   | how far the work was; what stands behind the last state of an unfinished file is done again                     |
 * | `end`     | the last line of a finished file                                                                               |
 */

/** A time in milliseconds since the epoch. */
const time = z.number();
const offset = z.number().int().nonnegative();

/** The settings by which records were judged, under the function's own names. */
const settings = z.object({
  outOfOrdernessMs: z.number(),
  latenessRule: z.enum(['running', 'batch']),
  lateEvents: z.enum(['keep', 'drop']),
  maxFutureMs: z.number(),
  earliestEventTime: time,
  latestEventTime: time,
  bucket: z.enum(['day', 'hour']),
  eventIdInKey: z.boolean(),
  rejectedTtlSeconds: z.number(),
  wireFormat: z.enum(['auto', 'bare', 'confluent', 'glue', 'json']),
});
export type JudgedBy = z.infer<typeof settings>;

/**
 * What is known of the largest event time that a partition had seen on reaching a record: it lies between `low` and `high`. `low` is null
 * where it may have seen none; `high` is null where it had seen none for sure, and `unknown` where there is no bound.
 */
const maximum = z.object({
  low: time.nullable(),
  high: z.union([time, z.null(), z.literal('unknown')]),
});
export type KnownMaximum = z.infer<typeof maximum>;

const header = z.object({
  type: z.literal('verify'),
  version: z.literal(1),
  topic: z.string(),
  group: z.string(),
  keyspace: z.string(),
  /** The words by which messages name the pipeline: `stage prod`. */
  target: z.string(),
  began: z.iso.datetime(),
  /** The bounds of the records' timestamps that were asked for; null for none. */
  from: time.nullable(),
  to: time.nullable(),
  /** The share of the records that is looked up: 1 is all of them. */
  sample: z.number(),
  /** Records before this time were handled under other settings; null where none were. */
  settingsSince: time.nullable(),
  settings,
  /** The findings file whose findings were looked at again; absent where a topic was read. */
  again: z.string().optional(),
  partitions: z.array(
    z.object({
      partition: z.number().int(),
      /** The first offset that the topic had. */
      begin: offset,
      /** The offset after the last one that the topic had. */
      logEnd: offset,
      /** The offsets whose records are judged: from `start` up to `end`, which is left out. */
      start: offset,
      end: offset,
      /** The offset at which reading begins, for the maximum on reaching `start`. */
      leadIn: offset,
      /** The maximum on reaching `leadIn`. */
      maximum,
      /** The checkpoint's `next_offset`; null where the group has none. */
      checkpoint: offset.nullable(),
      /** The offset that the group had committed before that; absent where it had none. Records from both on wait. */
      committed: offset.optional(),
    }),
  ),
});
export type Header = z.infer<typeof header>;
export type PartitionRange = Header['partitions'][number];

/** The kinds of findings. */
const findingKinds = ['missing', 'different', 'kept', 'cannot tell'] as const;

const finding = z.object({
  type: z.literal('finding'),
  partition: z.number().int(),
  offset,
  /** The record's own timestamp. */
  timestamp: time,
  /**
   * `missing`: no table has the record. `different`: a table has it otherwise than it must. `kept`: no table has it, and the on-failure
   * destination does. `cannot tell`: neither the topic nor the tables show what must have become of it.
   */
  kind: z.enum(findingKinds),
  /** The reason, as a sentence that is the same for all records of one cause. */
  why: z.string(),
  /** What is particular about this record. */
  detail: z.string().optional(),
  /** The maximum on reaching the record. */
  maximum,
});
export type Finding = z.infer<typeof finding>;

const open = z.object({
  type: z.literal('open'),
  /** The finding, unless another record explains the row. */
  finding,
  /** Digests: of the row's key, of the values that stand there, and of those of the record. */
  key: z.string(),
  found: z.string(),
  due: z.string(),
  /** What the record is counted as where another record explains the row. */
  otherwise: z.enum(['superseded', 'late', 'lower maximum']),
});
export type Open = z.infer<typeof open>;

const settled = z.object({ type: z.literal('settled'), partition: z.number().int(), offset });

const counts = z.record(z.string(), z.number());

const state = z.object({
  type: z.literal('state'),
  at: z.iso.datetime(),
  /** The next offset and the maximum of each partition. */
  partitions: z.array(z.object({ partition: z.number().int(), next: offset, maximum })),
  counts,
});
export type State = z.infer<typeof state>;

const end = z.object({
  type: z.literal('end'),
  at: z.iso.datetime(),
  exitCode: z.number().int(),
  counts,
});

const line = z.discriminatedUnion('type', [header, finding, open, settled, state, end]);
export type Line = z.infer<typeof line>;

/** A line, with the byte after its end. */
export interface PlacedLine {
  readonly line: Line;
  readonly end: number;
}

/**
 * Reads the lines of a findings file one by one. A last line that was cut off is left out.
 * @throws {UserFacingError} where the file cannot be read, or is none.
 */
export const readLines = async function* (file: string): AsyncGenerator<PlacedLine> {
  let end = 0;
  let number = 0;
  for await (const bytes of linesOf(file)) {
    end += bytes.length + 1;
    number += 1;
    const read = line.safeParse(parsed(bytes.toString('utf8')));
    if (!read.success || (read.data.type === 'verify') !== (number === 1))
      throw noFindingsFile(file, number);
    yield { line: read.data, end };
  }
  if (number === 0) throw noFindingsFile(file, 1);
};

/** Reads the lines of a file that end with a line break. */
const linesOf = async function* (file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file)) {
      rest = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let at = rest.indexOf(lineBreak); at >= 0; at = rest.indexOf(lineBreak, start)) {
        yield rest.subarray(start, at);
        start = at + 1;
      }
      rest = rest.subarray(start);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserFacingError(`The findings file ${file} cannot be read (${code}).`, {
      cause: error,
    });
  }
};

const lineBreak = 0x0a;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const noFindingsFile = (file: string, number: number): UserFacingError =>
  new UserFacingError(
    `${file} is no findings file of verify: line ${number} belongs to none, or to one of another version. Write a file by verify --out <file>.`,
  );

/** The findings of a file, and the header that says where they were found. */
export interface Findings {
  readonly header: Header;
  /** True where the verification came to its end: an unfinished file has not all findings. */
  readonly finished: boolean;
  /** Reads the findings one by one, in the order of the file. */
  readonly all: () => AsyncGenerator<Finding>;
}

/**
 * Opens a findings file.
 * @throws {UserFacingError} where it cannot be read, or is none.
 */
export const openFindings = async (file: string): Promise<Findings> => {
  let header: Header | undefined;
  let finished = false;
  for await (const { line } of readLines(file)) {
    if (line.type === 'verify') header = line;
    finished = line.type === 'end';
  }
  if (header === undefined) throw noFindingsFile(file, 1);
  return {
    header,
    finished,
    async *all() {
      for await (const { line } of readLines(file)) if (line.type === 'finding') yield line;
    },
  };
};

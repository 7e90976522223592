import type { types } from 'cassandra-driver';
import { toValue } from '../../cli/verify/driver-value.ts';
import type { RowShape } from '../../cli/verify/rules/row.ts';
import { type ExpectedTables, rejectedDigest } from './expected-tables.ts';

/** The rows found in a table, compared with the expected rows. */
export interface TableComparison {
  readonly table: string;
  readonly expected: number;
  readonly found: number;
  readonly missing: number;
  readonly unexpected: number;
  /** Rows of others, which count in no other number. */
  readonly others: number;
  /** Rows with an expected key and other contents. */
  readonly different: number;
  /** Up to five examples of each kind of difference, by key. */
  readonly examples: readonly string[];
  /** The rows of rejected_events by reason; empty for the other tables. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** The reading part of a driver's client. It must read CQL maps as Map: an object would lose the key `__proto__`. */
interface Reader {
  /** Streams every row of a query, page by page. */
  stream(query: string): AsyncIterable<types.Row>;
}

/** A difference between the rows found and the rows expected. */
export interface Difference {
  readonly table: string;
  readonly kind: 'missing' | 'unexpected' | 'different';
  readonly key: string;
  readonly found?: string;
  readonly due?: string;
}

export interface ComparisonOptions {
  readonly reader: Reader;
  readonly keyspace: string;
  readonly topic: string;
  readonly consumerGroup: string;
  readonly expectedTables: ExpectedTables;
  /** Called for every difference; the result keeps a few examples. */
  readonly onDifference?: (difference: Difference) => void;
}

export const agrees = ({ missing, unexpected, different }: TableComparison): boolean =>
  missing + unexpected + different === 0;

/** The most examples kept of each kind of difference. */
const examplesShown = 5;

/** Compares every row of the three tables with the expected one. */
export const compare = async (options: ComparisonOptions): Promise<TableComparison[]> => {
  const { reader, keyspace, expectedTables, onDifference } = options;
  const rows = (query: string): AsyncIterable<types.Row> =>
    reader.stream(query.replace('FROM ', `FROM ${keyspace}.`));
  return [
    await compareTable(
      'user_events',
      expectedTables.userEvents,
      rows(
        `SELECT ${expectedTables.rows.columns.map((name) => `"${name}"`).join(', ')} FROM user_events`,
      ),
      (row) => userEventOf(row, expectedTables.rows),
      { onDifference, others: expectedTables.others.userEvents },
    ),
    await compareTable(
      'rejected_events',
      expectedTables.rejected,
      rows(
        'SELECT topic, rejected_date, partition, "offset", reason, event_time, watermark, record_timestamp, key, value, ' +
          'headers FROM rejected_events',
      ),
      (row) => rejectedOf(row, options.topic),
      { onDifference, others: expectedTables.others.rejected },
    ),
    await compareTable(
      'partition_watermarks',
      watermarksOf(options),
      rows(
        'SELECT consumer_group, topic, partition, next_offset, max_event_time FROM partition_watermarks',
      ),
      watermarkOf,
      { onDifference },
    ),
  ];
};

type Keyed = readonly [key: string, content: string, reason?: string];

const compareTable = async (
  table: string,
  expected: ReadonlyMap<string, string>,
  rows: AsyncIterable<types.Row>,
  keyed: (row: types.Row) => Keyed,
  {
    onDifference = () => {},
    others = new Set(),
  }: {
    readonly onDifference?: ((difference: Difference) => void) | undefined;
    /** The keys of rows that are not compared. */
    readonly others?: ReadonlySet<string>;
  },
): Promise<TableComparison> => {
  const seen = new Set<string>();
  const examples = { missing: [], unexpected: [], different: [] } as Record<
    Difference['kind'],
    string[]
  >;
  const reasons = new Map<string, number>();
  let [found, missing, unexpected, different, ofOthers] = [0, 0, 0, 0, 0];
  const differs = (kind: Difference['kind'], key: string, found?: string, due?: string): void => {
    onDifference({
      table,
      kind,
      key,
      ...(found !== undefined && { found }),
      ...(due !== undefined && { due }),
    });
    if (examples[kind].length >= examplesShown) return;
    const must = kind === 'different' ? `, must be ${due}` : '';
    examples[kind].push(`${kind}: ${key} (${found ?? due}${must})`);
  };
  for await (const row of rows) {
    const [key, content, reason] = keyed(row);
    if (others.has(key)) {
      ofOthers += 1;
      continue;
    }
    found += 1;
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const due = expected.get(key);
    if (due === undefined) {
      unexpected += 1;
      differs('unexpected', key, content);
      continue;
    }
    seen.add(key);
    if (due !== content) {
      different += 1;
      differs('different', key, content, due);
    }
  }
  for (const [key, content] of expected)
    if (!seen.has(key) && !others.has(key)) {
      missing += 1;
      differs('missing', key, undefined, content);
    }
  return {
    table,
    expected: expected.size,
    found,
    missing,
    unexpected,
    different,
    others: ofOthers,
    examples: [...examples.missing, ...examples.unexpected, ...examples.different],
    reasons,
  };
};

const time = (value: unknown): number => (value as Date).getTime();
const timeOrNull = (value: unknown): number | null => (value === null ? null : time(value));

/** Reads the number of days of a CQL date. The driver stores it in `date`, also for days beyond the range of a Date. */
const days = (value: unknown): number => {
  const { date } = value as { date: Date };
  return date.getTime() / 86_400_000;
};

/** Reads the key from the row's own columns, so that a row in the wrong partition has an unexpected key. */
const userEventOf = (row: types.Row, shape: RowShape): Keyed => {
  const values = Object.fromEntries(shape.columns.map((name) => [name, toValue(row[name])]));
  return [shape.key(values), shape.digest(values)];
};

const rejectedOf = (row: types.Row, topic: string): Keyed => {
  const timestamp = time(row['record_timestamp']);
  const headers = ((row['headers'] ?? []) as types.Tuple[]).map(
    (tuple) => [tuple.get(0) as string, tuple.get(1) as Buffer] as const,
  );
  const late =
    row['watermark'] === null && row['event_time'] === null
      ? null
      : { eventTime: timeOrNull(row['event_time']), watermark: timeOrNull(row['watermark']) };
  const content = rejectedDigest({
    reason: row['reason'],
    timestamp,
    key: row['key'],
    value: row['value'],
    headers,
    late,
  });
  const right =
    row['topic'] === topic && days(row['rejected_date']) === Math.floor(timestamp / 86_400_000);
  const key = `${row['partition']}@${row['offset']}`;
  return [right ? key : `${row['topic']} ${row['rejected_date']} ${key}`, content, row['reason']];
};

const watermarksOf = ({
  expectedTables,
  topic,
  consumerGroup,
}: ComparisonOptions): Map<string, string> =>
  new Map(
    expectedTables.partitions.flatMap(({ nextOffset, max }, partition) =>
      nextOffset === 0
        ? []
        : [[`${consumerGroup} ${topic}-${partition}`, `next ${nextOffset}, max ${max}`] as const],
    ),
  );

const watermarkOf = (row: types.Row): Keyed => [
  `${row['consumer_group']} ${row['topic']}-${row['partition']}`,
  `next ${row['next_offset']}, max ${timeOrNull(row['max_event_time'])}`,
];

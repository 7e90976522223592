import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';
import { columns, isoTime, wrap } from '../terminal/print.ts';
import { printable } from '../terminal/printable.ts';
import { count } from '../terminal/words.ts';
import { hexLines } from './hex-lines.ts';
import type { Reading } from './readings.ts';

/** All that is shown of a rejected record. */
export interface ShownRecord {
  readonly record: string;
  readonly reason: string;
  readonly detail: string;
  readonly rejectedAt: Date | null;
  readonly recordTimestamp: Date | null;
  readonly rejectedDate: string;
  readonly eventTime: Date | null;
  readonly watermark: Date | null;
  /** How far the event time lies behind the watermark, in words. */
  readonly behind: string | null;
  /** The watermarks that are on record before and after it. */
  readonly neighbours: readonly {
    readonly offset: string;
    readonly watermark: Date;
    readonly from: string;
  }[];
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  readonly own: Readonly<Record<string, unknown>> | string;
  readonly readings: readonly Reading[];
}

/** Writes a rejected record for people. Whatever its producer wrote, it cannot move the cursor. */
export const showText = (shown: ShownRecord): string =>
  [
    `${shown.record}: ${shown.reason}`,
    ...fact('detail', shown.detail),
    ...fact('rejected at', timeText(shown.rejectedAt)),
    ...fact(
      'Kafka timestamp',
      `${timeText(shown.recordTimestamp)}, in the day ${shown.rejectedDate}`,
    ),
    ...fact('event time', timeText(shown.eventTime)),
    ...fact(
      'watermark',
      `${timeText(shown.watermark)}${shown.behind === null ? '' : `: the event is ${shown.behind} behind`}`,
    ),
    ...shown.neighbours.flatMap(({ offset, watermark, from }) =>
      fact(`at offset ${offset}`, `the watermark was ${timeText(watermark)} (${from})`),
    ),
    ...bytesText('key', shown.key),
    ...bytesText('value', shown.value),
    ...shown.headers.flatMap(({ name, value }) => bytesText(`header ${printable(name)}`, value)),
    '',
    'The function, with its settings, makes of it:',
    ...eventText(shown.own),
    ...shown.readings.flatMap(({ by, event, fault }) => [
      '',
      `Read as ${by}${fault === null ? '' : `, it is not valid (${fault})`}:`,
      ...eventText(event),
    ]),
    ...(shown.readings.length === 0 && shown.value !== null
      ? ['', 'No wire format with a schema that is known here reads it.']
      : []),
  ]
    .flatMap((line) => wrap(line, columns(), true).split('\n'))
    .join('\n');

const timeText = (time: Date | null): string => isoTime(time?.getTime() ?? null);

const fact = (name: string, text: string): string[] => {
  const [first = '', ...others] = wrap(printable(text), columns() - 20, true).split('\n');
  return [`  ${name.padEnd(16)}  ${first}`, ...others.map((line) => `${' '.repeat(20)}${line}`)];
};

const bytesText = (name: string, bytes: Buffer | null): string[] =>
  bytes === null
    ? ['', `${name}: none`]
    : [
        '',
        `${name}: ${count(bytes.length, 'byte')}`,
        ...hexLines(bytes).map((line) => `  ${line}`),
      ];

const eventText = (event: Readonly<Record<string, unknown>> | string): string[] =>
  typeof event === 'string'
    ? [`  ${printable(event)}`]
    : Object.entries(event).map(
        ([name, value]) => `  ${name}: ${printable(JSON.stringify(value))}`,
      );

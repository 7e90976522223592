/** A value of `UserEvent` as a person writes it. kafka-event.ts fills in the rest. */
export interface SampleEvent {
  /** A number that stands for a user: 1 is 00000000-0000-4000-8000-000000000001. */
  readonly user: number | string;
  readonly type: string;
  /** The event time, in ISO 8601. */
  readonly time: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface SampleRecord {
  readonly partition?: number;
  readonly offset: number;
  /** The Kafka record's timestamp, in ISO 8601. */
  readonly timestamp: string;
  /** The record's key; absent for a record without one. */
  readonly key?: string;
  /**
   * An event, a text (of JSON), bytes in hexadecimal digits, an event with bytes behind it, an event whose metadata goes on with the bytes of a further
   * block of entries, or null for a tombstone.
   */
  readonly value:
    | SampleEvent
    | { readonly text: string }
    | { readonly hex: string }
    | { readonly event: SampleEvent; readonly appended: string }
    | { readonly event: SampleEvent; readonly entries: string }
    | null;
  /** Headers, each a name and its bytes in hexadecimal digits. */
  readonly headers?: readonly (readonly [string, string])[];
  /** The outcome, or the reason of the rejection. */
  readonly becomes: string;
}

export interface Sample {
  readonly shows: string;
  readonly source: 'msk' | 'self-managed';
  readonly topic: string;
  readonly records: readonly SampleRecord[];
}

const noon = (rest: string): string => `2026-03-10T12:${rest}Z`;
const click = (
  user: number | string,
  time: string,
  metadata?: Record<string, string>,
): SampleEvent =>
  metadata === undefined ? { user, type: 'click', time } : { user, type: 'click', time, metadata };

/** The ids of the events in JSON, which are written as they are. */
const user = '00000000-0000-4000-8000-000000000001';
const event = 'eeeeeeee-0000-4000-8000-000000000000';

/** The saved events, by file name. Each has a topic of its own, so that no event is judged from another's checkpoint. */
export const samples: Readonly<Record<string, Sample>> = {
  msk: {
    shows: 'three events as Amazon MSK sends them',
    source: 'msk',
    topic: 'user-events',
    records: [
      {
        offset: 100,
        timestamp: noon('00:00.100'),
        key: '1',
        value: { user: 1, type: 'page_view', time: noon('00:00'), metadata: { page: '/' } },
        becomes: 'written',
      },
      {
        offset: 101,
        timestamp: noon('00:01.100'),
        key: '2',
        value: click(2, noon('00:01'), { button: 'sign-up', language: 'ελληνικά' }),
        becomes: 'written',
      },
      {
        offset: 102,
        timestamp: noon('00:02.100'),
        key: '1',
        value: click(1, noon('00:02')),
        becomes: 'written',
      },
    ],
  },
  'self-managed': {
    shows:
      'the same from a self-managed cluster (no eventSourceArn), on a topic whose name has dashes and digits',
    source: 'self-managed',
    topic: 'web-2-user-events',
    records: [
      { offset: 0, timestamp: noon('00:00'), value: click(1, noon('00:00')), becomes: 'written' },
      { offset: 1, timestamp: noon('00:01'), value: click(2, noon('00:01')), becomes: 'written' },
    ],
  },
  'several-partitions': {
    shows:
      'three partitions in one event, each with a watermark of its own: what is late in one is on time in another',
    source: 'msk',
    topic: 'user-events-several-partitions',
    records: [
      {
        partition: 0,
        offset: 7,
        timestamp: noon('30:00'),
        value: click(1, noon('30:00')),
        becomes: 'written',
      },
      {
        partition: 0,
        offset: 8,
        timestamp: noon('30:01'),
        value: click(1, noon('20:00')),
        becomes: 'late',
      },
      {
        partition: 1,
        offset: 40,
        timestamp: noon('30:00'),
        value: click(2, noon('20:00')),
        becomes: 'written',
      },
      {
        partition: 2,
        offset: 3,
        timestamp: noon('30:00'),
        value: click(3, noon('10:00')),
        becomes: 'written',
      },
      // Offsets have gaps where Kafka compacted the topic or a transaction ended.
      {
        partition: 2,
        offset: 9,
        timestamp: noon('30:01'),
        value: click(3, noon('10:01')),
        becomes: 'written',
      },
    ],
  },
  late: {
    shows:
      'exactly two minutes behind the largest event time is on time, a millisecond more is late',
    source: 'msk',
    topic: 'user-events-late',
    records: [
      { offset: 0, timestamp: noon('10:00'), value: click(1, noon('10:00')), becomes: 'written' },
      { offset: 1, timestamp: noon('10:01'), value: click(2, noon('08:00')), becomes: 'written' },
      { offset: 2, timestamp: noon('10:02'), value: click(3, noon('07:59.999')), becomes: 'late' },
      { offset: 3, timestamp: noon('10:03'), value: click(4, noon('00:00')), becomes: 'late' },
      { offset: 4, timestamp: noon('10:04'), value: click(5, noon('10:04')), becomes: 'written' },
    ],
  },
  poison: {
    shows: 'records that are no UserEvent, among good ones: none stops the partition',
    source: 'msk',
    topic: 'user-events-poison',
    records: [
      { offset: 0, timestamp: noon('00:00'), value: click(1, noon('00:00')), becomes: 'written' },
      { offset: 1, timestamp: noon('00:01'), value: { hex: '' }, becomes: 'undecodable' },
      // {"user": 1}
      {
        offset: 2,
        timestamp: noon('00:02'),
        value: { hex: '7b2275736572223a20317d' },
        becomes: 'undecodable',
      },
      {
        offset: 3,
        timestamp: noon('00:03'),
        value: { event: click(3, noon('00:03')), appended: '00' },
        becomes: 'undecodable',
      },
      // A map block that claims 2^40 entries.
      {
        offset: 4,
        timestamp: noon('00:04'),
        value: { event: click(4, noon('00:04'), { a: 'b' }), entries: '808080808040' },
        becomes: 'undecodable',
      },
      {
        offset: 5,
        timestamp: noon('00:05'),
        value: click('not-a-uuid', noon('00:05')),
        becomes: 'invalid_uuid',
      },
      {
        offset: 6,
        timestamp: noon('00:06'),
        value: click('ABCDEF00-0000-4000-8000-00000000ABCD', noon('00:06')),
        becomes: 'written',
      },
      {
        offset: 7,
        timestamp: noon('00:07'),
        value: { user: 7, type: '', time: noon('00:07') },
        becomes: 'invalid_event_type',
      },
      { offset: 8, timestamp: noon('00:08'), value: click(8, noon('00:08')), becomes: 'written' },
    ],
  },
  json: {
    shows: 'events in plain JSON beside bare Avro, and JSON that is none of the event',
    source: 'msk',
    topic: 'user-events-json',
    records: [
      {
        offset: 0,
        timestamp: noon('00:00'),
        key: '1',
        value: {
          text: `{"user_id":"${user}","event_type":"page_view","event_time":1773144000000,"event_id":"${event}","metadata":{"page":"/"}}`,
        },
        becomes: 'written',
      },
      // The fields may stand in any order, and the time may be a text; metadata has a default.
      {
        offset: 1,
        timestamp: noon('00:01'),
        key: '1',
        value: {
          text: `{\n  "event_time": "2026-03-10T13:00:01.5+01:00",\n  "event_type": "click",\n  "user_id": "${user}",\n  "event_id": "${event}"\n}\n`,
        },
        becomes: 'written',
      },
      { offset: 2, timestamp: noon('00:02'), value: click(2, noon('00:02')), becomes: 'written' },
      {
        offset: 3,
        timestamp: noon('00:03'),
        value: {
          text: `{"user_id":"${user}","event_type":"click","event_time":"2026-03-10 12:00:03","event_id":"${event}"}`,
        },
        becomes: 'invalid_event_time',
      },
      // A field that no event has.
      {
        offset: 4,
        timestamp: noon('00:04'),
        value: {
          text: `{"user_id":"${user}","event_type":"click","event_time":1773144004000,"event_id":"${event}","userAgent":""}`,
        },
        becomes: 'undecodable',
      },
      {
        offset: 5,
        timestamp: noon('00:05'),
        value: { text: `{"user_id":"${user}","ev` },
        becomes: 'undecodable',
      },
    ],
  },
  tombstone: {
    shows: 'a record without a value, with its key kept',
    source: 'msk',
    topic: 'user-events-tombstone',
    records: [
      {
        offset: 0,
        timestamp: noon('00:00'),
        key: '1',
        value: click(1, noon('00:00')),
        becomes: 'written',
      },
      { offset: 1, timestamp: noon('00:01'), key: '1', value: null, becomes: 'tombstone' },
      { offset: 2, timestamp: noon('00:02'), value: null, becomes: 'tombstone' },
    ],
  },
  future: {
    shows: 'a clock that is a year ahead: its event is stored, and makes no other late',
    source: 'msk',
    topic: 'user-events-future',
    records: [
      { offset: 0, timestamp: noon('00:00'), value: click(1, noon('00:00')), becomes: 'written' },
      {
        offset: 1,
        timestamp: noon('00:01'),
        value: click(2, '2027-03-10T12:00:01Z'),
        becomes: 'written',
      },
      // An event exactly two minutes ahead still moves the maximum: an event more than two minutes behind it is then late.
      { offset: 2, timestamp: noon('00:02'), value: click(3, noon('02:02')), becomes: 'written' },
      { offset: 3, timestamp: noon('00:03'), value: click(4, noon('00:02')), becomes: 'written' },
      { offset: 4, timestamp: noon('00:04'), value: click(5, noon('00:01')), becomes: 'late' },
    ],
  },
  collision: {
    shows: 'two events of one user, millisecond and type are one row: the higher offset’s',
    source: 'msk',
    topic: 'user-events-collision',
    records: [
      {
        offset: 0,
        timestamp: noon('00:00'),
        value: click(1, noon('00:00'), { button: 'first' }),
        becomes: 'superseded',
      },
      {
        offset: 1,
        timestamp: noon('00:00'),
        value: { user: 1, type: 'page_view', time: noon('00:00') },
        becomes: 'written',
      },
      {
        offset: 2,
        timestamp: noon('00:00'),
        value: click(1, noon('00:00'), { button: 'second' }),
        becomes: 'written',
      },
    ],
  },
  midnight: {
    shows:
      'the last millisecond of a UTC day and the first of the next: two partitions of user_events',
    source: 'msk',
    topic: 'user-events-midnight',
    records: [
      {
        offset: 0,
        timestamp: '2026-03-11T00:00:00.010Z',
        value: click(1, '2026-03-10T23:59:59.999Z'),
        becomes: 'written',
      },
      {
        offset: 1,
        timestamp: '2026-03-11T00:00:00.011Z',
        value: click(1, '2026-03-11T00:00:00.000Z'),
        becomes: 'written',
      },
    ],
  },
  headers: {
    shows:
      'headers with a name twice, bytes above 127 (signed in the event) and no bytes; kept where the record is rejected',
    source: 'msk',
    topic: 'user-events-headers',
    records: [
      {
        offset: 0,
        timestamp: noon('00:00'),
        key: 'ключ',
        value: click(1, noon('00:00')),
        headers: [['trace', '00ff80']],
        becomes: 'written',
      },
      {
        offset: 1,
        timestamp: noon('00:01'),
        key: 'ключ',
        value: null,
        headers: [
          ['trace', '00ff80'],
          ['city', 'c3ab'],
          ['trace', ''],
        ],
        becomes: 'tombstone',
      },
    ],
  },
};

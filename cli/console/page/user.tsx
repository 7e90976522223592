import type { JSX } from 'preact';
import { printable } from '../../terminal/printable.ts';
import { count } from '../../terminal/words.ts';
import { type FilterField, Filters } from './filters.tsx';
import { Foreign, State, Table, Time } from './parts.tsx';
import { hrefOf, type Route } from './route.ts';
import { useAnswer } from './use-answer.ts';

/** An event of `user-events user`. The columns of a project's own schema come with it. */
interface EventRow {
  readonly event_time: string;
  readonly event_type: string;
  /** The places of its records in the topic, with spaces between; null where none was found. */
  readonly record?: string | null;
  readonly [column: string]: unknown;
}

const fields: readonly FilterField[] = [
  { name: 'id', label: 'User', hint: 'a uuid', isLong: true },
  { name: 'from', label: 'From', hint: '30d' },
  { name: 'to', label: 'To' },
  { name: 'type', label: 'Event type' },
];

/** The columns that have a place of their own in the table, or are the same in all rows. */
const known = ['event_time', 'event_type', 'user_id', 'bucket_date', 'bucket_hour', 'record'];

/** The most events that are shown. */
const mostEvents = '1000';

/** The screen of a user's events, day by day. Their records are looked for in the topic when the events are there already. */
export const User = ({ filters }: { readonly filters: Route['filters'] }): JSX.Element => {
  const { id = '' } = filters;
  const asked = { ...filters, limit: mostEvents };
  const events = useAnswer<EventRow>(id === '' ? null : 'user', asked);
  const isThere = events.answer !== null && events.answer.lines.length > 0;
  const located = useAnswer<EventRow>(isThere ? 'user' : null, { ...asked, locate: 'true' });
  return (
    <>
      <Filters screen="user" action="Show" values={filters} fields={fields} />
      {id === '' ? (
        <p class="empty">Whose events? Give the user’s uuid.</p>
      ) : (
        <State
          asked={located.answer === null ? events : located}
          empty="The user has no event in this time."
        >
          {(lines) => (
            <>
              {located.isAsking && (
                <p class="quiet" role="status">
                  Looking for their records in the topic …
                </p>
              )}
              {located.error !== null && (
                <p class="note warn" role="alert">
                  ! Their records were not found in the topic. {printable(located.error)}
                </p>
              )}
              {byDay(lines).map(([day, rows]) => (
                <Day key={day} day={day} rows={rows} isLookedFor={located.answer !== null} />
              ))}
            </>
          )}
        </State>
      )}
    </>
  );
};

const byDay = (lines: readonly EventRow[]): [string, EventRow[]][] => [
  ...Map.groupBy(lines, ({ event_time }) => event_time.slice(0, 10)),
];

const Day = ({
  day,
  rows,
  isLookedFor,
}: {
  readonly day: string;
  readonly rows: readonly EventRow[];
  readonly isLookedFor: boolean;
}): JSX.Element => {
  const others = Object.keys(rows[0] ?? {}).filter((name) => !known.includes(name));
  return (
    <section aria-labelledby={`day-${day}`}>
      <h2 id={`day-${day}`}>
        {day} <span class="quiet">{count(rows.length, 'event')}</span>
      </h2>
      <Strip rows={rows} />
      <Table
        caption={`Events of ${day}`}
        head={['time', 'type', ...others, 'record']}
        rows={rows.map((row) => [
          <Time key="time" time={row.event_time} />,
          printable(row.event_type),
          ...others.map((name) => <Foreign key={name} text={cell(row[name])} />),
          <Places key="record" row={row} isLookedFor={isLookedFor} />,
        ])}
      />
    </section>
  );
};

/** The most characters of a value that a row shows; its record shows all. */
const mostCharacters = 500;

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text;
};

/** The records that an event's row was written of, mostly one. */
const Places = ({
  row: { record },
  isLookedFor,
}: {
  readonly row: EventRow;
  readonly isLookedFor: boolean;
}): JSX.Element =>
  record == null ? (
    <span class="quiet">{isLookedFor ? 'not found' : '…'}</span>
  ) : (
    <div class="places">
      {record.split(' ').map((place) => (
        <a key={place} href={hrefOf('record', { record: place })}>
          {printable(place)}
        </a>
      ))}
    </div>
  );

const hours = 24;
const [barWidth, barHeight] = [12, 40];

/** The activity of a day as a strip of its hours. */
const Strip = ({ rows }: { readonly rows: readonly EventRow[] }): JSX.Element => {
  const counts = Array.from<number>({ length: hours }).fill(0);
  for (const { event_time } of rows) {
    const hour = new Date(event_time).getUTCHours();
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const said = counts
    .map((count, hour) => (count === 0 ? '' : `${hour}:00 ${count}`))
    .filter(Boolean)
    .join(', ');
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${hours * barWidth} ${barHeight + 12}`}
      role="img"
      aria-label={`Events by hour of the day, in UTC: ${said}`}
    >
      {counts.map((count, hour) => (
        <g key={hour}>
          <rect
            x={hour * barWidth + 1}
            y={barHeight - (count / most) * barHeight}
            width={barWidth - 2}
            height={(count / most) * barHeight}
          >
            <title>{`${hour}:00 ${count}`}</title>
          </rect>
          {hour % 6 === 0 && (
            <text x={hour * barWidth} y={barHeight + 10}>
              {hour}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
};

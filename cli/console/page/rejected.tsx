import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { reasons } from '../../../functions/ingest/event/rejection.ts';
import { printable } from '../../terminal/printable.ts';
import { ask } from './answer.ts';
import { commandOf } from './command-of.ts';
import { type FilterField, Filters } from './filters.tsx';
import { number } from './format.ts';
import { Command, Foreign, State, Table, Time } from './parts.tsx';
import { hrefOf, type Route } from './route.ts';
import { useAnswer } from './use-answer.ts';

/** A group of `user-events rejected`. */
interface Group {
  readonly reason: string;
  readonly detail: string;
  readonly count: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly partitions: string;
}

/** A row of `user-events rejected list`. */
interface Row {
  readonly record: string;
  readonly reason: string;
  readonly detail: string;
  readonly rejected_at: string | null;
  readonly event_time: string | null;
  readonly watermark: string | null;
}

const usualSince = '24h';
const mostRows = '200';

const fields: readonly FilterField[] = [
  { name: 'since', label: 'Rejected since', hint: usualSince },
  { name: 'reason', label: 'Reason', hint: 'late', suggestions: reasons },
  { name: 'partition', label: 'Partition', hint: '0' },
  { name: 'detail', label: 'Detail has' },
];

type Given = Readonly<Record<string, string | undefined>>;

/** The filters that commands know. The address may hold anything, and nothing else of it becomes a part of a command line. */
const filterNames = [...fields.map(({ name }) => name), 'topic', 'offset', 'until', 'all'];

/** The screen of what was kept out of `user_events`: groups, and the records of one. */
export const Rejected = ({ filters }: { readonly filters: Route['filters'] }): JSX.Element => {
  const isGrouped = filters['show'] !== 'records';
  const given = Object.fromEntries(
    Object.entries(filters).filter(([name]) => filterNames.includes(name)),
  );
  const asked = { since: usualSince, ...given };
  return (
    <>
      <Filters
        screen="rejected"
        action="Show"
        values={{ ...given, show: filters['show'] ?? '' }}
        fields={fields}
      />
      <p>
        {isGrouped ? 'Grouped by reason and detail. ' : 'One by one. '}
        <a href={hrefOf('rejected', { ...given, show: isGrouped ? 'records' : '' })}>
          {isGrouped ? 'Show the records' : 'Show the groups'}
        </a>
      </p>
      {isGrouped ? <Groups asked={asked} given={given} /> : <Records asked={asked} />}
    </>
  );
};

/** What can be done with the records that are shown. */
const ToDo = ({
  asked,
  target,
}: {
  readonly asked: Given;
  readonly target: readonly string[];
}): JSX.Element => (
  <>
    <h2>To do something with them</h2>
    <p>
      This shows what would become of them, and asks before it writes:{' '}
      <Command line={commandOf(target, ['redrive'], { ...asked, to: 'tables' })} />
    </p>
    <p>
      Their bytes, a line of JSON each: <Download parameters={asked} /> or{' '}
      <Command line={commandOf(target, ['rejected', 'export'], { ...asked, out: fileName })} />
    </p>
  </>
);

const fileName = 'rejected.jsonl';

/** The most records that the page exports; the command has no bound. */
const mostExported = 10_000;

/** Exports the records that are shown. */
const Download = ({ parameters }: { readonly parameters: Given }): JSX.Element => {
  const [said, setSaid] = useState('');
  const download = async (): Promise<void> => {
    setSaid('Reading …');
    try {
      const { lines, told } = await ask(
        'rejected-export',
        { ...parameters, limit: `${mostExported}` },
        new AbortController().signal,
      );
      save(fileName, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      setSaid(told.join(' '));
    } catch (error) {
      setSaid(`✕ ${(error as Error).message}`);
    }
  };
  return (
    <>
      <button type="button" onClick={() => void download()}>
        Download
      </button>{' '}
      <span class="quiet" role="status">
        {printable(said)}
      </span>
    </>
  );
};

/** Hands a file to the browser, which puts it where downloads go. */
const save = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
};

const Groups = ({
  asked,
  given,
}: {
  readonly asked: Given;
  readonly given: Given;
}): JSX.Element => {
  const groups = useAnswer<Group>('rejected', asked, 10_000);
  return (
    <State asked={groups} empty="Nothing was rejected in this time.">
      {(lines, { target }) => (
        <>
          <Table
            caption="Rejected records, by reason and detail"
            head={['reason', 'detail', 'records', 'first', 'last', 'partitions']}
            keys={lines.map(({ reason, detail }) => `${reason} ${detail}`)}
            numbers={[2]}
            rows={lines.map(({ reason, detail, count, first_seen, last_seen, partitions }) => [
              <a
                key="reason"
                href={hrefOf('rejected', { ...given, show: 'records', reason, detail })}
              >
                {printable(reason)}
              </a>,
              <Foreign key="detail" text={detail} />,
              number(count),
              <Time key="first" time={first_seen} />,
              <Time key="last" time={last_seen} />,
              <Foreign key="partitions" text={partitions} />,
            ])}
          />
          <ToDo asked={asked} target={target} />
        </>
      )}
    </State>
  );
};

const Records = ({ asked }: { readonly asked: Given }): JSX.Element => {
  const rows = useAnswer<Row>('rejected-list', { ...asked, limit: mostRows });
  return (
    <State asked={rows} empty="No rejected record is meant by these filters.">
      {(lines, { target }) => (
        <>
          <Table
            caption="Rejected records"
            head={['record', 'reason', 'detail', 'event time', 'watermark', 'rejected']}
            rows={lines.map((row) => [
              <a key="record" href={hrefOf('record', { record: row.record })}>
                {printable(row.record)}
              </a>,
              printable(row.reason),
              <Foreign key="detail" text={row.detail} />,
              <Time key="event" time={row.event_time} />,
              <Time key="watermark" time={row.watermark} />,
              <Time key="rejected" time={row.rejected_at} />,
            ])}
          />
          <ToDo asked={asked} target={target} />
        </>
      )}
    </State>
  );
};

import type { JSX } from 'preact';
import { Chart } from './chart.tsx';
import { Filters } from './filters.tsx';
import { duration, number } from './format.ts';
import { Command, Foreign, State, Table, Time } from './parts.tsx';
import { hrefOf, type Route } from './route.ts';
import { useAnswer } from './use-answer.ts';

/** A finding of `user-events health`. */
interface Finding {
  /** The question that it answers. */
  readonly about: string;
  readonly state: 'fine' | 'wrong' | 'unknown';
  readonly says: string;
  /** The command that repairs it, or shows more. */
  readonly next: string | null;
}

/** The runbooks of what can be wrong, as places of docs/operations.md. */
const runbooks: Readonly<Record<string, string>> = {
  reading: 'silence',
  lag: 'lag',
  waiting: 'records-waiting',
  lost: 'records-dropped',
  rejected: 'rejected-records',
  'on-failure': 'batches-in-the-on-failure-destination',
  alarms: 'runbooks',
};

/** A partition of `user-events partitions`. */
interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
  readonly lag: string | null;
  readonly max_event_time: string | null;
  readonly watermark: string | null;
  readonly updated_at: string | null;
  readonly late: number | null;
  readonly rejected: number | null;
}

type Rate = { readonly from: string; readonly produced: number | null } & {
  readonly [reason: string]: number;
};

const everyMs = 5_000;
/** The lengths of the charts. A long one reads much of the tables, and changes little: it is asked for less often. */
const lengths = [
  { value: '15m', label: '15 minutes', everyMs },
  { value: '1h', label: '1 hour', everyMs },
  { value: '6h', label: '6 hours', everyMs: 30_000 },
  { value: '24h', label: '1 day', everyMs: 120_000 },
  { value: '7d', label: '7 days', everyMs: 600_000 },
] as const;

/** The screen of what is going on. */
export const Now = ({ filters }: { readonly filters: Route['filters'] }): JSX.Element => {
  const last = filters['last'] ?? lengths[0].value;
  const health = useAnswer<Finding>('health', {}, everyMs);
  const partitions = useAnswer<Partition>('partitions', {}, everyMs);
  const length = lengths.find(({ value }) => value === last);
  const rates = useAnswer<Rate>('rates', { last }, length?.everyMs ?? everyMs);
  return (
    <>
      <State asked={health} empty="Nothing was found to look at.">
        {(findings) => <Health findings={findings} />}
      </State>
      <h2>What comes, and what is rejected</h2>
      <Filters
        screen="now"
        action="Show"
        values={{ last }}
        fields={[{ name: 'last', label: 'The last', choices: lengths }]}
      />
      <State asked={rates} empty="Nothing came.">
        {(lines) => <Rates lines={lines} />}
      </State>
      <h2>Partitions</h2>
      <State asked={partitions} empty="No partition has a checkpoint yet.">
        {(lines) => <Partitions lines={lines} />}
      </State>
    </>
  );
};

/** Writes the command of a finding as it is run here: the project's own by npx, others as they are. */
const runnable = (next: string): string => next.replace(/^user-events /, 'npx user-events ');

/** What is wrong stands at the top, a sentence each, with what to do; then what could not be looked at, and what is fine. */
const Health = ({ findings }: { readonly findings: readonly Finding[] }): JSX.Element => {
  const of = (wanted: Finding['state']) => findings.filter(({ state }) => state === wanted);
  const open = [...of('wrong'), ...of('unknown')];
  return (
    <>
      <div role="status">
        {open.map((finding, index) => (
          <p
            key={`${finding.about} ${index}`}
            class={`note ${finding.state === 'wrong' ? 'bad' : 'warn'}`}
          >
            {finding.state === 'wrong' ? '✕' : '? Not known:'} <Said finding={finding} />
          </p>
        ))}
        {open.length === 0 && <p class="note good">✓ Nothing is wrong.</p>}
      </div>
      <ul class="findings">
        {of('fine').map((finding, index) => (
          <li key={`${finding.about} ${index}`}>
            <span class="mark" title="fine">
              ✓ <span class="sr">fine:</span>
            </span>
            <span>
              <Said finding={finding} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
};

/** A finding's sentence; where it is not fine, with its command and its runbook. */
const Said = ({ finding: { about, state, says, next } }: { readonly finding: Finding }) => (
  <>
    <span class="says">
      <Foreign text={says} />
    </span>
    {state !== 'fine' && (
      <>
        {next !== null && <Command line={runnable(next)} />}{' '}
        {runbooks[about] !== undefined && (
          <a href={hrefOf('runbook', { of: runbooks[about] })}>Runbook</a>
        )}
      </>
    )}
  </>
);

const Rates = ({ lines }: { readonly lines: readonly Rate[] }): JSX.Element => {
  const times = lines.map(({ from }) => Date.parse(from));
  const reasons = Object.keys(lines[0] ?? {}).filter(
    (name) => name !== 'from' && name !== 'produced',
  );
  const seen = reasons.filter((reason) => lines.some((line) => (line[reason] ?? 0) > 0));
  return (
    <div class="charts">
      <Chart
        title="Records of the topic"
        times={times}
        series={[{ name: 'records', values: lines.map(({ produced }) => produced) }]}
      />
      <Chart
        title="Rejected records, by reason"
        times={times}
        series={(seen.length === 0 ? ['late'] : seen).map((name) => ({
          name,
          values: lines.map((line) => line[name] ?? 0),
        }))}
      />
    </div>
  );
};

const Partitions = ({ lines }: { readonly lines: readonly Partition[] }): JSX.Element => (
  <Table
    caption="The partitions of the topic"
    head={[
      'partition',
      'lag',
      'next offset',
      'largest event time',
      'watermark',
      'checkpoint',
      'late, last hour',
      'rejected, last hour',
    ]}
    numbers={[1, 2, 6, 7]}
    rows={lines.map((one) => [
      `${one.topic}/${one.partition}`,
      one.lag === null ? <span class="quiet">unknown</span> : number(Number(one.lag)),
      one.next_offset,
      <Time key="max" time={one.max_event_time} />,
      <Time key="watermark" time={one.watermark} />,
      one.updated_at === null ? '' : `${duration(Date.now() - Date.parse(one.updated_at))} ago`,
      one.late === null ? (
        ''
      ) : (
        <a
          key="late"
          href={hrefOf('rejected', { reason: 'late', partition: `${one.partition}`, since: '1h' })}
        >
          {number(one.late)}
        </a>
      ),
      one.rejected === null ? '' : number(one.rejected),
    ])}
  />
);

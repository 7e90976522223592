import type { JSX } from 'preact';
import { printable } from '../../terminal/printable.ts';
import { commandOf } from './command-of.ts';
import { type FilterField, Filters } from './filters.tsx';
import { Command, Foreign, State, Table, Time } from './parts.tsx';
import type { Route } from './route.ts';
import { type Neighbour, TimeLine } from './time-line.tsx';
import { type Asked, useAnswer } from './use-answer.ts';

/** A step of `user-events trace`. */
interface Step {
  readonly step: string;
  readonly source: 'recorded' | 'recomputed' | 'unknown';
  readonly says: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

const fields: readonly FilterField[] = [
  { name: 'record', label: 'Record', hint: 'topic/partition/offset', isLong: true },
  { name: 'back', label: 'Records read before it', hint: '10000' },
];

const signs = { recorded: '●', recomputed: '↻', unknown: '?' } as const;

/** The screen of a record: what the function decides of it, step by step, and its bytes. */
export const RecordScreen = ({ filters }: { readonly filters: Route['filters'] }): JSX.Element => {
  const { record = '' } = filters;
  const steps = useAnswer<Step>(record === '' ? null : 'trace', filters);
  return (
    <>
      <Filters screen="record" action="Show" values={filters} fields={fields} />
      {record === '' ? (
        <p class="empty">Which record? Give its topic, partition and offset.</p>
      ) : (
        <>
          <State asked={steps} empty="Nothing is known of it.">
            {(lines, { target }) => <Way record={record} steps={lines} target={target} />}
          </State>
          {isPlace(record) && isOutOfReach(steps) && <Kept record={record} />}
        </>
      )}
    </>
  );
};

const isPlace = (record: string): boolean => /^[^/]+\/\d+\/\d+$/.test(record);

/** Tells whether the topic could not give the record: it has deleted it, or cannot be read. */
const isOutOfReach = ({ answer, error }: Asked<Step>): boolean =>
  error !== null || answer?.lines.length === 1;

/** A record of `user-events rejected show`. */
interface KeptRecord {
  readonly reason: string;
  readonly detail: string;
  readonly rejectedAt: string | null;
  readonly eventTime: string | null;
  readonly watermark: string | null;
  readonly key: string | null;
  readonly value: string | null;
}

/** What `rejected_events` keeps of a record that the topic cannot give. */
const Kept = ({ record }: { readonly record: string }): JSX.Element => {
  const kept = useAnswer<KeptRecord>('rejected-show', { record });
  return (
    <section aria-labelledby="kept">
      <h2 id="kept">In rejected_events</h2>
      <State asked={kept} empty="It is no rejected record.">
        {(lines, { target }) =>
          lines.map((one) => (
            <div key={one.rejectedAt}>
              <p>
                It was rejected: {printable(one.reason)}, <Foreign text={one.detail} />. Rejected{' '}
                <Time time={one.rejectedAt} />, event time <Time time={one.eventTime} />, watermark{' '}
                <Time time={one.watermark} />.
              </p>
              <Redrive record={record} target={target} />
              <h3>Value</h3>
              <Hex text={one.value} />
              <h3>Key</h3>
              <Hex text={one.key} />
            </div>
          ))
        }
      </State>
    </section>
  );
};

const Redrive = ({
  record,
  target,
}: {
  readonly record: string;
  readonly target: readonly string[];
}): JSX.Element => {
  const [topic, partition, offset] = record.split('/');
  return (
    <p>
      To write it after all, once its cause is mended:{' '}
      <Command line={commandOf(target, ['redrive'], { topic, partition, offset, to: 'tables' })} />
    </p>
  );
};

const Way = ({
  record,
  steps,
  target,
}: {
  readonly record: string;
  readonly steps: readonly Step[];
  readonly target: readonly string[];
}): JSX.Element => {
  const facts = (name: string): Readonly<Record<string, unknown>> =>
    steps.find(({ step }) => step === name)?.facts ?? {};
  const event = facts('event');
  const isRead = steps.some(({ step }) => step === 'wire format');
  const offset = record.split('/').at(-1);
  const isRejected = facts('row')['rejectedEvents'] != null;
  const { neighbours, watermark } = facts('watermark') as {
    readonly neighbours?: readonly Neighbour[];
    readonly watermark?: string | null;
  };
  return (
    <>
      <ol class="steps">
        {steps.map(({ step, source, says }) => (
          <li key={step}>
            <b>{step}</b>{' '}
            <span class={`source ${source}`}>
              {signs[source]} {source}
            </span>{' '}
            <Foreign text={says} />
          </li>
        ))}
      </ol>
      {neighbours !== undefined && neighbours.length > 0 && (
        <TimeLine neighbours={neighbours} watermark={watermark ?? null} offset={Number(offset)} />
      )}
      {isRejected && <Redrive record={record} target={target} />}
      {isRead && (
        <div class="sides">
          <section>
            <h2>Value</h2>
            <Hex text={facts('record')['value']} />
            <h2>Key</h2>
            <Hex text={facts('record')['key']} />
          </section>
          <section>
            <h2>Decoded</h2>
            {'event_id' in event ? (
              <Table
                caption="The fields of the event"
                head={['field', 'value']}
                rows={Object.entries(event).map(([name, value]) => [
                  printable(name),
                  <Foreign
                    key={name}
                    text={typeof value === 'object' ? JSON.stringify(value) : String(value)}
                  />,
                ])}
              />
            ) : (
              <p class="quiet">It has no fields to show: the step “event” says why.</p>
            )}
            <Headers headers={facts('record')['headers']} />
          </section>
        </div>
      )}
    </>
  );
};

const bytesOfLine = 16;

/** Bytes in hexadecimal, sixteen a line, with the characters that they are. */
const Hex = ({ text }: { readonly text: unknown }): JSX.Element => {
  if (typeof text !== 'string') return <p class="quiet">There is none.</p>;
  const bytes = text.slice(2).match(/../g) ?? [];
  const lines = Array.from({ length: Math.ceil(bytes.length / bytesOfLine) }, (_, index) => {
    const line = bytes.slice(index * bytesOfLine, (index + 1) * bytesOfLine);
    const characters = line.map((byte) => {
      const code = Number.parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
    });
    const place = (index * bytesOfLine).toString(16).padStart(6, '0');
    return `${place}  ${line.join(' ').padEnd(bytesOfLine * 3)} ${characters.join('')}`;
  });
  return (
    // A person without a pointer scrolls what has the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the scrolled region must be reachable by keyboard
    <pre class="hex" tabIndex={0}>
      {lines.join('\n')}
    </pre>
  );
};

/** Writes a header's value as the text that it mostly is, or else in hexadecimal. */
const headerText = (hex: string): string => {
  const bytes = Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) =>
    Number.parseInt(byte, 16),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return hex;
  }
};

interface Header {
  readonly name: string;
  readonly value: string | null;
}

const Headers = ({ headers }: { readonly headers: unknown }): JSX.Element | null => {
  const list = Array.isArray(headers) ? (headers as readonly Header[]) : [];
  if (list.length === 0) return null;
  return (
    <Table
      caption="The headers of the record"
      head={['header', 'value']}
      rows={list.map(({ name, value }) => [
        printable(name),
        <Foreign key={name} text={value === null ? 'none' : headerText(value)} />,
      ])}
    />
  );
};

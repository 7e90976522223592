import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { printable } from '../../terminal/printable.ts';
import type { Answer } from './answer.ts';
import { duration, utc } from './format.ts';
import type { Asked } from './use-answer.ts';

/** A time: in UTC, and in the time of the reader's own place where the pointer rests on it. */
export const Time = ({
  time,
}: {
  readonly time: string | number | null | undefined;
}): JSX.Element =>
  time === null || time === undefined ? (
    <span class="quiet">none</span>
  ) : (
    <time dateTime={new Date(time).toISOString()} title={new Date(time).toLocaleString()}>
      {utc(time)}
    </time>
  );

/** Text of others, as text. */
export const Foreign = ({ text }: { readonly text: string }): JSX.Element => (
  <span class="foreign">{printable(text)}</span>
);

/** A command line that can be copied. */
export const Command = ({ line }: { readonly line: string }): JSX.Element => {
  const [said, setSaid] = useState<'' | 'Copied' | 'Not copied'>('');
  const copy = async (): Promise<void> => {
    const said = await navigator.clipboard.writeText(line).then(
      () => 'Copied' as const,
      () => 'Not copied' as const,
    );
    setSaid(said);
    setTimeout(() => setSaid(''), 2_000);
  };
  return (
    <span class="command">
      <code>{printable(line)}</code>
      <button type="button" onClick={() => void copy()} aria-label={`Copy the command ${line}`}>
        {said === '' ? 'Copy' : said}
      </button>
      <span class="sr" role="status">
        {said === 'Copied' && 'The command is copied.'}
        {said === 'Not copied' && 'The browser does not let the page copy: mark the command.'}
      </span>
    </span>
  );
};

interface StateProps<Line> {
  readonly asked: Asked<Line>;
  /** What is said where the answer has no lines. */
  readonly empty: ComponentChildren;
  readonly children: (lines: readonly Line[], answer: Answer<Line>) => ComponentChildren;
}

/** Shows an answer with the state that it is in: loading, failed, stale, partial, empty. */
export const State = <Line,>({ asked, empty, children }: StateProps<Line>): JSX.Element => {
  const { answer, error, isAsking, at } = asked;
  // What was not looked at is not known to be empty.
  const isPart = answer !== null && answer.exitCode === 2 && answer.told.length > 0;
  return (
    <div aria-busy={isAsking}>
      {error !== null && (
        <p class="note bad" role="alert">
          ✕ {printable(error)}
          {!/[.?!]$/.test(error) && '.'}
          {at !== null && ` What is below is stale: it came ${duration(Date.now() - at)} ago.`}
        </p>
      )}
      {answer === null && error === null && <p class="quiet">Loading …</p>}
      {isPart && (
        <p class="note warn" role="status">
          ! {answer.lines.length > 0 && 'Not all of it could be looked at. '}
          {answer.told.map(printable).join(' ')}
        </p>
      )}
      {answer !== null &&
        (answer.lines.length > 0
          ? children(answer.lines, answer)
          : !isPart && <p class="empty">{empty}</p>)}
      {answer !== null && (
        <footer class="told">
          {!isPart && answer.told.length > 0 && (
            <p class="quiet">{answer.told.map(printable).join('\n')}</p>
          )}
          <p>
            In a terminal: <Command line={answer.command} />
          </p>
        </footer>
      )}
    </div>
  );
};

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** What names each row, where rows come and change their order: the focus stays with a row. */
  readonly keys?: readonly string[];
  /** The columns whose cells are numbers. */
  readonly numbers?: readonly number[];
}

/** The most columns for which a narrow window has room. */
const mostNarrow = 2;

/** The roles of a table’s parts. They are told, for where the window is narrow the style sheet makes blocks of the parts. */
const roles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

/** A table that scrolls by itself where it is too wide. In a narrow window the cells of many columns stand one below the other, each with its name. */
export const Table = ({ caption, head, rows, keys, numbers = [] }: TableProps): JSX.Element => (
  <section
    class={head.length > mostNarrow ? 'scroll stacks' : 'scroll'}
    // A person without a pointer scrolls what has the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the scrolled region must be reachable by keyboard
    tabIndex={0}
    aria-label={caption}
  >
    <table {...roles.table}>
      <caption>{caption}</caption>
      <thead {...roles.group}>
        <tr {...roles.row}>
          {head.map((name, column) => (
            <th
              key={name}
              {...roles.head}
              scope="col"
              class={numbers.includes(column) ? 'number' : ''}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...roles.group}>
        {rows.map((row, index) => (
          <tr key={keys?.[index] ?? index} {...roles.row}>
            {row.map((cell, column) => (
              <td
                key={head[column]}
                {...roles.cell}
                class={numbers.includes(column) ? 'number' : ''}
                data-column={head[column]}
              >
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

import type { JSX } from 'preact';
import { duration, utc } from './format.ts';
import { Time } from './parts.tsx';

/** A record of the same partition that came shortly before, with its event's time. */
export interface Neighbour {
  readonly offset: number;
  readonly event_time: string;
  /** The watermark when it came; null for none. */
  readonly watermark: string | null;
  readonly late: boolean;
}

interface TimeLineProps {
  readonly neighbours: readonly Neighbour[];
  readonly watermark: string | null;
  /** The offset of the record that is looked at. */
  readonly offset: number;
}

const [width, height, margin] = [600, 160, 24];

/** The room beyond the times that the record is judged by: in lengths of their range, and at least in milliseconds. */
const [mostBeyond, leastBeyondMs] = [2, 600_000];

/** Finds the range to draw. One clock that is years off must not make a point of all others. */
const rangeOf = (times: readonly number[], judged: readonly number[]) => {
  const all = [...times, ...judged];
  const [first, last] = [Math.min(...all), Math.max(...all)];
  if (judged.length === 0) return { low: first, high: last, isCut: false };
  const [from, to] = [Math.min(...judged), Math.max(...judged)];
  const beyond = Math.max((to - from) * mostBeyond, leastBeyondMs);
  const [low, high] = [Math.max(first, from - beyond), Math.min(last, to + beyond)];
  return { low, high, isCut: low > first || high < last };
};

/** Event times by offset, with the watermark below which an event is late. The record that is looked at is a diamond. */
export const TimeLine = ({ neighbours, watermark, offset }: TimeLineProps): JSX.Element => {
  const times = neighbours.map(({ event_time }) => Date.parse(event_time));
  const marks = neighbours.flatMap((one) =>
    one.watermark === null ? [] : [Date.parse(one.watermark)],
  );
  const last = watermark === null ? [] : [Date.parse(watermark)];
  const own = neighbours.find((one) => one.offset === offset);
  const { low, high, isCut } = rangeOf(times, [
    ...marks,
    ...last,
    ...(own === undefined ? [] : [Date.parse(own.event_time)]),
  ]);
  const x = (index: number): number =>
    margin + (index / Math.max(1, neighbours.length - 1)) * (width - 2 * margin);
  const y = (time: number): number =>
    height -
    margin -
    ((Math.min(Math.max(time, low), high) - low) / Math.max(1, high - low)) * (height - 2 * margin);
  const line = neighbours
    .map(({ watermark: mark }, index) =>
      mark === null ? '' : `${x(index)},${y(Date.parse(mark))}`,
    )
    .filter(Boolean)
    .join(' ');
  const behind =
    own === undefined || watermark === null
      ? ''
      : ` Its time is ${duration(Math.abs(Date.parse(own.event_time) - Date.parse(watermark)))} ` +
        `${Date.parse(own.event_time) < Date.parse(watermark) ? 'behind' : 'after'} the watermark.`;
  return (
    <figure>
      <figcaption>
        Event times of the records before it (●, late ones ○)
        {own !== undefined && ', its own (◆)'}, and the watermark (line).{behind}
        {isCut && ' Times far off stand at the edge.'}
      </figcaption>
      <Time time={high} />
      <svg
        class="timeline"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`From ${utc(low)} to ${utc(high)}.${behind}`}
      >
        <polyline points={line} />
        {neighbours.map((one, index) => {
          const [cx, cy] = [x(index), y(Date.parse(one.event_time))];
          return one.offset === offset ? (
            <path key={one.offset} class="own" d={`M${cx} ${cy - 7}l7 7l-7 7l-7-7z`}>
              <title>{`offset ${one.offset}: ${utc(one.event_time)}`}</title>
            </path>
          ) : (
            <circle key={one.offset} cx={cx} cy={cy} r="4" class={one.late ? 'late' : ''}>
              <title>{`offset ${one.offset}: ${utc(one.event_time)}`}</title>
            </circle>
          );
        })}
      </svg>
      <Time time={low} />
    </figure>
  );
};

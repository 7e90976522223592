import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { number, utc } from './format.ts';

/** A line of a chart. */
interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** The times of the values, in milliseconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

const colours = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5'] as const;
const dashes = [
  { lengths: [], border: 'solid' },
  { lengths: [8, 4], border: 'dashed' },
  { lengths: [2, 3], border: 'dotted' },
] as const;

/** Gives the look of a line. The lines of a chart differ in their dashes too, so that nobody needs to tell colours alone. */
const lookOf = (index: number) => ({
  colour: colours[index % colours.length] ?? colours[0],
  dash: dashes[index % dashes.length] ?? dashes[0],
});

const height = 180;

/** A chart of values by time, in UTC, with a sentence that says the same to those who do not see it. */
export const Chart = ({ title, times, series }: ChartProps): JSX.Element => {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const names = series.map(({ name }) => name).join('\n');
  const isDark = useIsDark();
  const data = [times.map((time) => time / 1000), ...series.map(({ values }) => values)];
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const colour = (name: string): string => computedColour(element, name);
    const axis = {
      stroke: colour('--text'),
      grid: { stroke: colour('--edge'), width: 1 },
      ticks: { stroke: colour('--edge'), width: 1 },
    };
    const drawn = new uPlot(
      {
        width: element.clientWidth,
        height,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
        scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          { ...axis, values: (_, seconds) => timesOf(seconds) },
          { ...axis, size: 64, values: (_, values) => values.map(number) },
        ],
        series: [
          { value: (_, seconds) => (seconds === null ? '' : utc(seconds * 1000)) },
          ...series.map(({ name }, index) => {
            const look = lookOf(index);
            return {
              label: name,
              stroke: colour(look.colour),
              width: 2,
              dash: [...look.dash.lengths],
              points: { show: false },
            };
          }),
        ],
        // The first series is that of the times.
        legend: { markers: { dash: (_, index) => lookOf(index - 1).dash.border } },
      },
      data as uPlot.AlignedData,
      element,
    );
    plot.current = drawn;
    const watcher = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      drawn.destroy();
    };
  }, [names, isDark]);
  useEffect(() => plot.current?.setData(data as uPlot.AlignedData));
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={place} aria-hidden="true" />
      <p class="sr">{spoken(title, series)}</p>
    </figure>
  );
};

/** Tells whether the page is dark, and again when that changes: a canvas does not follow the style sheet. */
const useIsDark = (): boolean => {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setIsDark] = useState(query.matches);
  useEffect(() => {
    const changed = (): void => setIsDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return isDark;
};

/** Computes a colour of the style sheet as a canvas takes it, which knows no variables and no light-dark(). */
const computedColour = (element: HTMLElement, name: string): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const daySeconds = 86_400;

/** Writes the times of an axis in UTC: hours and minutes, or the day where they are days apart. */
const timesOf = (seconds: readonly number[]): string[] => {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  return seconds.map((second) => {
    const text = new Date(second * 1000).toISOString();
    return step >= daySeconds ? text.slice(5, 10) : text.slice(11, step < 60 ? 19 : 16);
  });
};

const spoken = (title: string, series: readonly Series[]): string =>
  `${title}: ${series
    .map(({ name, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${name} unknown`;
      const total = known.reduce((sum, value) => sum + value, 0);
      return `${name} ${number(total)} in all, ${number(Math.max(0, ...known))} at the most`;
    })
    .join('; ')}.`;

// A bar chart as an SVG, drawn by Vega-Lite, which needs neither a browser nor a DOM.
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

export interface Bar {
  readonly name: string;
  readonly value: number;
}

export interface BarPlot {
  readonly title: string;
  /** The lines below the title. */
  readonly subtitle: readonly string[];
  /** The unit of the values, which is the title of their axis. */
  readonly unit: string;
  /** The bars from top to bottom. */
  readonly bars: readonly Bar[];
}

/** The width of the values' axis, in pixels; names and title come on top of it. */
const width = 520;

/** Draws a bar chart; gives the SVG's text. The background is white, because a page may be dark. */
export const barPlot = ({ title, subtitle, unit, bars }: BarPlot): Promise<string> => {
  const axis = { labelFontSize: 13, titleFontSize: 12, titleFontWeight: 'normal' } as const;
  const spec: TopLevelSpec = {
    background: 'white',
    padding: 16,
    width,
    height: { step: 30 },
    title: {
      text: title,
      subtitle: [...subtitle],
      anchor: 'start',
      frame: 'bounds',
      fontSize: 16,
      subtitleFontSize: 12,
      subtitlePadding: 6,
      offset: 14,
    },
    data: { values: bars.map(({ name, value }) => ({ name, value, label: labelOf(value) })) },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        axis: {
          ...axis,
          title: null,
          ticks: false,
          domain: false,
          labelPadding: 6,
          labelLimit: 400,
        },
      },
      x: { field: 'value', type: 'quantitative', axis: { ...axis, title: unit, tickCount: 6 } },
    },
    layer: [
      { mark: { type: 'bar', color: '#3b6ea8', height: { band: 0.7 } } },
      {
        mark: { type: 'text', align: 'left', dx: 5, fontSize: 13 },
        encoding: { text: { field: 'label' } },
      },
    ],
    config: { font: 'sans-serif', view: { stroke: null } },
  };
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
};

const labelOf = (value: number): string => value.toFixed(1);

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { SaxesParser } from 'saxes';
import { barPlot } from '../../../bench/plot.ts';

const plot = {
  title: 'CPU < time & money',
  subtitle: ['26 November 2026', 'two cores'],
  unit: 'seconds "a million"',
  bars: [
    { name: 'shipped', value: 29.04 },
    { name: 'Flink, <object reuse> & more', value: 57.9 },
    { name: 'naive', value: 8 },
  ],
};

/** The texts of an SVG in their order, and its elements' attributes; throws where it is not well-formed XML. */
const read = (svg: string) => {
  const texts: string[] = [];
  const elements: { name: string; attributes: Record<string, unknown> }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }));
  parser.on('text', (text) => texts.push(text));
  parser.write(svg).close();
  return { texts: texts.filter((text) => text.trim() !== ''), elements };
};

test('a plot is an SVG that says its title, its unit and each bar with its value', async () => {
  const { texts, elements } = read(await barPlot(plot));
  strictEqual(elements[0]?.name, 'svg');
  strictEqual(elements[0].attributes['xmlns'], 'http://www.w3.org/2000/svg');
  for (const text of [
    plot.title,
    ...plot.subtitle,
    plot.unit,
    ...plot.bars.map(({ name }) => name),
    '29.0',
    '57.9',
    '8.0',
  ])
    ok(texts.includes(text), `${text} is not in ${texts.join(' | ')}`);
});

test('bars stand in the order given, whatever their names and values', async () => {
  const { texts } = read(await barPlot(plot));
  const names = plot.bars.map(({ name }) => name);
  deepStrictEqual(
    texts.filter((text) => names.includes(text)),
    names,
  );
  deepStrictEqual(
    texts.filter((text) => /^\d+\.\d$/.test(text)),
    ['29.0', '57.9', '8.0'],
  );
});

test('a bar is as long as its value', async () => {
  const { elements } = read(await barPlot(plot));
  const lengths = elements
    .filter(({ attributes }) => attributes['aria-roledescription'] === 'bar')
    .map(({ attributes }) => Number(/h([\d.]+)/.exec(String(attributes['d']))?.[1]));
  strictEqual(lengths.length, plot.bars.length);
  for (const [index, { value }] of plot.bars.entries())
    ok(Math.abs((lengths[index] ?? 0) / (lengths[0] ?? 0) - value / 29.04) < 0.01, `${lengths}`);
});

test('the whole plot is on white, so that it can be read on a dark page', async () => {
  const { elements } = read(await barPlot(plot));
  const [svg, background] = elements;
  const { width, height, fill } = background?.attributes ?? {};
  strictEqual(background?.name, 'rect');
  strictEqual(fill, 'white');
  deepStrictEqual([width, height], [svg?.attributes['width'], svg?.attributes['height']]);
});

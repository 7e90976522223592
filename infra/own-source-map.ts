import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { Parenthesis } from './eager-modules.ts';

/** A source map as esbuild writes it. */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/**
 * Leaves packages out of a source map: Node reads the map at each start, and most of the map is theirs.
 * @param parentheses those that were put into the code behind esbuild; they move what follows them in their lines.
 */
export const ownSourceMap = <Map extends SourceMap>(
  map: Map,
  parentheses: readonly Parenthesis[],
): Map => {
  const isPackage = map.sources.map((source) => source.includes('/node_modules/'));
  const names = new Map<number, number>();
  const lines = decode(map.mappings).map((segments, line) => {
    const moved = columnsBehind(parentheses.filter((one) => one.line === line));
    const kept: SourceMapSegment[] = [];
    for (const [column, source, sourceLine, sourceColumn, name] of segments) {
      if (source === undefined || isPackage[source]) {
        // A segment without a source ends the one before it, and says nothing behind another such segment.
        if ((kept.at(-1)?.length ?? 1) > 1) kept.push([moved(column)]);
        continue;
      }
      const position = [
        moved(column),
        source,
        sourceLine as number,
        sourceColumn as number,
      ] as const;
      if (name === undefined) kept.push([...position]);
      else {
        if (!names.has(name)) names.set(name, names.size);
        kept.push([...position, names.get(name) as number]);
      }
    }
    return kept;
  });
  return {
    ...map,
    sources: map.sources.map((source, index) => (isPackage[index] ? '' : source)),
    names: [...names.keys()].map((name) => map.names[name]),
    mappings: encode(lines),
  };
};

/** Gives the new column of a column of one line; columns must be asked for in ascending order. */
const columnsBehind = (parentheses: readonly Parenthesis[]): ((column: number) => number) => {
  let passed = 0;
  return (column) => {
    while (passed < parentheses.length && (parentheses[passed]?.column ?? 0) <= column) passed += 1;
    return column + passed;
  };
};

import type { Sample } from './samples.ts';

/** Makes `events/README.md`, the list of the saved events. */
export const readme = (samples: Readonly<Record<string, Sample>>): string => {
  const rows = Object.entries(samples).map(
    ([name, { shows, records }]) =>
      `| [${name}.json](${name}.json) | ${shows} | ${becomes(records)} |`,
  );
  return `# Saved events

Kafka events as Lambda sends them to the function. \`npm run invoke -- events/late.json\` runs one through the real
handler. [samples.ts](samples.ts) has them in a readable form; \`npm run generate\` makes the JSON files and this list. Tests
check that the files are up to date, and that each record has the fate in this list.

The values are JSON where the list says so, and else bare Avro of the schema in [user-event.avsc.json](user-event.avsc.json), which \`npm run generate\` copies from
\`schema/\`. If the schema in \`schema/\` has gained a field since, the values are those of an older producer. To let the function
read them again, run \`npm run generate\`, or list the older schema under \`bare\` in \`schema/writer-schemas.json\`.

| event | what it shows | what its records become |
|---|---|---|
${rows.join('\n')}

[sample.jsonl](sample.jsonl) has events as JSON lines, for \`npm run produce\`. Its last event is late.
`;
};

/** Sums up what the records become, in their order: \`written × 2, late\`. */
const becomes = (records: Sample['records']): string => {
  const runs: { what: string; times: number }[] = [];
  for (const { becomes: what } of records) {
    const last = runs.at(-1);
    if (last?.what === what) last.times += 1;
    else runs.push({ what, times: 1 });
  }
  return runs.map(({ what, times }) => (times === 1 ? what : `${what} × ${times}`)).join(', ');
};

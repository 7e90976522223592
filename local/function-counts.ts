/** What the function's own log lines say, summed over its invocations; a record that came twice counts twice. */
export interface FunctionCounts {
  written: number;
  superseded: number;
  future: number;
  failed: number;
  readonly rejected: Map<string, number>;
  /** The newest lines that say something else, for when something is wrong. */
  readonly complaints: string[];
}

export const createFunctionCounts = (): FunctionCounts => ({
  written: 0,
  superseded: 0,
  future: 0,
  failed: 0,
  rejected: new Map(),
  complaints: [],
});

const keptComplaints = 5;

/** Takes one line of the function's output. */
export const countLine = (counts: FunctionCounts, line: string): void => {
  const batch = parse(line);
  for (const name of ['written', 'superseded', 'future', 'failed'] as const)
    counts[name] += Number(batch[name] ?? 0);
  for (const [reason, count] of Object.entries(Object(batch['rejected'])))
    counts.rejected.set(reason, (counts.rejected.get(reason) ?? 0) + Number(count));
  if (batch['message'] === 'batch' && batch['level'] === 'INFO') return;
  counts.complaints.push(line);
  counts.complaints.splice(0, counts.complaints.length - keptComplaints);
};

const parse = (line: string): Record<string, unknown> => {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
};

/** The sums of the counts in the function's log lines; a record that was delivered twice counts twice. */
export interface FunctionCounts {
  written: number;
  superseded: number;
  /** Late events that were only counted. */
  dropped: number;
  future: number;
  failed: number;
  readonly rejected: Map<string, number>;
  /** The newest log lines that are not plain batch lines, for the case of a failure. */
  readonly complaints: string[];
}

export const createFunctionCounts = (): FunctionCounts => ({
  written: 0,
  superseded: 0,
  dropped: 0,
  future: 0,
  failed: 0,
  rejected: new Map(),
  complaints: [],
});

const keptComplaints = 5;

/** Adds one line of the function's output to the counts. */
export const countLine = (counts: FunctionCounts, line: string): void => {
  const batch = parse(line);
  for (const name of ['written', 'superseded', 'dropped', 'future', 'failed'] as const)
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

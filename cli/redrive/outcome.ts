/** What can become of a record, with the words of the help; `isFine` where nothing is left to be done about it. */
export const outcomes = {
  done: { isFine: true, means: 'its row is there, or it is on the topic' },
  superseded: { isFine: true, means: 'another record has its row, which stays' },
  'already redriven': { isFine: true, means: 'an earlier task has redriven it' },
  rejected: { isFine: true, means: 'rejected_events keeps it, as the function would' },
  'still rejected': { isFine: false, means: 'the function’s code rejects it again' },
  refused: { isFine: false, means: 'the database, or the topic, can never take it' },
  'too many tries': { isFine: false, means: 'it was redriven as often as --tries allows' },
  gone: { isFine: false, means: 'the topic no longer has it' },
  forgotten: { isFine: false, means: 'its bytes were deleted by forget' },
  'another topic': { isFine: false, means: 'it is not of the pipeline’s topic (--topic)' },
  unreadable: { isFine: false, means: 'it could not be read as a record' },
  failed: { isFine: false, means: 'the database or the brokers did not take it: resume' },
} as const;

export type OutcomeName = keyof typeof outcomes;

/** What has become, or would become, of a record. */
export interface Verdict {
  readonly outcome: OutcomeName;
  /** A sentence without contents of the record. */
  readonly detail: string;
}

import type { Rejection } from '../../functions/ingest/event/rejection.ts';

/** Tells a rejection from the fields of an event and other results of decoding. */
export const isRejection = (given: object): given is Rejection =>
  'kind' in given && given.kind === 'rejected';

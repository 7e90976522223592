import type { Rejection } from '../event/rejection.ts';
import type { Deadline } from '../pipeline/deadlines.ts';
import type { SchemaId } from '../pipeline/decoder.ts';
import {
  type IngestError,
  OutOfTimeError,
  ThrottledError,
  UnavailableError,
} from '../pipeline/errors.ts';
import { type Unregistered, unknownSchema } from './schema-registry.ts';

/** The result of requesting one schema. */
export type SchemaAnswer =
  /** The schema is cached now, or known to be unreadable. */
  | { readonly kind: 'kept' }
  /** The registry does not have the schema, permanently or (Unregistered) for the moment. */
  | { readonly kind: 'missing'; readonly rejection: Rejection | Unregistered }
  /** The registry refused, or did not answer. */
  | { readonly kind: 'failed'; readonly error: IngestError };

/** A failure of the id itself: at the same time the registry gives another schema of the topic, `good`. */
export interface OwnFault {
  readonly kind: 'own-fault';
  readonly error: IngestError;
  readonly good: SchemaId;
}

/** The requests to the registry. */
export interface SchemaRequests {
  ask(id: SchemaId, attempts: number): Promise<SchemaAnswer>;
  /** Requests a schema of the topic that the registry gave before. Returns its id, or null where the registry gives none now. */
  askForGood(): Promise<SchemaId | null>;
  readonly deadline: Deadline;
}

/** The attempts for an id after each successful request for another id. */
const attempts = 2;

/**
 * The number of times that a temporary failure of one id must recur between successful requests for another, while there is time.
 */
const mostRounds = 3;

/** Tells whether a failure can be the id's own. Throttling and a lack of time say nothing about the id. */
export const mayBeOwnFault = (error: IngestError): boolean =>
  !(error instanceof ThrottledError || error instanceof OutOfTimeError);

/**
 * Decides whether ids fail by themselves, or because of the registry. A failure is the id's own under two conditions: the
 * registry gives another schema of the topic after it, and then fails the id again. A refusal must recur once; a temporary
 * failure (a 5xx, a timeout) three times while there is time.
 * @param suspects the ids that failed, with their errors.
 * @param again the ids that may be requested again; the first result of any other id is final.
 */
export const compareFailures = async (
  suspects: ReadonlyMap<SchemaId, IngestError>,
  again: ReadonlySet<SchemaId>,
  { ask, askForGood, deadline }: SchemaRequests,
): Promise<Map<SchemaId, SchemaAnswer | OwnFault>> => {
  const verdicts = new Map<SchemaId, SchemaAnswer | OwnFault>();
  for (const [id, error] of suspects) verdicts.set(id, { kind: 'failed', error });

  let open = [...suspects.keys()];
  for (let round = 1; open.length > 0 && round <= mostRounds; round += 1) {
    if (round > 1 && deadline.left() <= 0) break;
    const good = await askForGood();
    if (good === null) {
      for (const id of open) {
        const verdict = verdicts.get(id);
        if (verdict?.kind === 'own-fault')
          verdicts.set(id, { kind: 'failed', error: verdict.error });
      }
      break;
    }
    const compare = async (id: SchemaId): Promise<SchemaId[]> => {
      const before = verdicts.get(id) as { readonly error: IngestError };
      const answer: SchemaAnswer = again.has(id)
        ? await ask(id, attempts)
        : { kind: 'failed', error: before.error };
      const isOwn = answer.kind === 'failed' && mayBeOwnFault(answer.error);
      verdicts.set(id, isOwn ? { kind: 'own-fault', error: answer.error, good } : answer);
      // An unavailable schema needs an operator, and is not requested again. A temporary failure may have been a coincidence.
      return isOwn && again.has(id) && !(answer.error instanceof UnavailableError) ? [id] : [];
    };
    open = (await Promise.all(open.map(compare))).flat();
  }
  return verdicts;
};

/** The most characters of an error's message in a rejection. */
const longestMessage = 300;

/** Rejects the values of an id whose failure is its own. */
export const rejectionOf = (id: SchemaId, { error, good }: OwnFault): Rejection => {
  const message = error.message.replace(/\p{C}/gu, ' ').slice(0, longestMessage);
  return unknownSchema(
    id,
    `only this id fails, again and again, while the registry gives schema ${good} of the same topic with the same login: ${message}`,
  );
};

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

/** What came of asking for one schema. */
export type Answer =
  /** It is known now, or known to be of no use. */
  | { readonly kind: 'kept' }
  /** The registry does not have it, for good or (Unregistered) now. */
  | { readonly kind: 'missing'; readonly rejection: Rejection | Unregistered }
  /** The registry refused, or did not answer. */
  | { readonly kind: 'failed'; readonly error: IngestError };

/** A failure that is the id's own: the registry gives another schema of the topic, `good`, at the same time. */
export interface OwnFault {
  readonly kind: 'own-fault';
  readonly error: IngestError;
  readonly good: SchemaId;
}

/** The questions that can be asked of the registry. */
export interface Questions {
  ask(id: SchemaId, attempts: number): Promise<Answer>;
  /** Asks for a schema of the topic that was given before, and returns its id, or null where none is given now. */
  askForGood(): Promise<SchemaId | null>;
  readonly deadline: Deadline;
}

/** The attempts for an id each time that another id was answered. */
const attempts = 2;

/** How often a passing failure of one id must come again between answers to another, while there is time. */
const mostRounds = 3;

/**
 * Whether a failure can be an id's own. That a service is asked too much, and that there was no time to ask, says nothing of what was
 * asked for.
 */
export const mayBeOwnFault = (error: IngestError): boolean =>
  !(error instanceof ThrottledError || error instanceof OutOfTimeError);

/**
 * Finds out whether ids fail by themselves or because the registry does. An id's failure is its own when the registry, after it,
 * gives another schema of the topic, and then fails the id again. A refusal must come again once, and what may pass (a 5xx, a timeout)
 * three times where there is time.
 * @param suspects ids that failed, with the errors.
 * @param again the ids that may be asked for once more; for the others what they answered the first time counts.
 */
export const compareFailures = async (
  suspects: ReadonlyMap<SchemaId, IngestError>,
  again: ReadonlySet<SchemaId>,
  { ask, askForGood, deadline }: Questions,
): Promise<Map<SchemaId, Answer | OwnFault>> => {
  const verdicts = new Map<SchemaId, Answer | OwnFault>();
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
      const answer: Answer = again.has(id)
        ? await ask(id, attempts)
        : { kind: 'failed', error: before.error };
      const isOwn = answer.kind === 'failed' && mayBeOwnFault(answer.error);
      verdicts.set(id, isOwn ? { kind: 'own-fault', error: answer.error, good } : answer);
      // What somebody must mend does not mend itself in a moment; what passes may have come by chance.
      return isOwn && again.has(id) && !(answer.error instanceof UnavailableError) ? [id] : [];
    };
    open = (await Promise.all(open.map(compare))).flat();
  }
  return verdicts;
};

/** The most characters of an error's message that a rejection repeats. */
const longestMessage = 300;

/** Rejects the values of an id whose failure is its own. */
export const rejectionOf = (id: SchemaId, { error, good }: OwnFault): Rejection => {
  const message = error.message.replace(/\p{C}/gu, ' ').slice(0, longestMessage);
  return unknownSchema(
    id,
    `only this id fails, again and again, while the registry gives schema ${good} of the same topic with the same login: ${message}`,
  );
};

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { UserFacingError } from '../../terminal/user-facing-error.ts';
import type { Candidate } from '../candidate.ts';
import type { EnvelopeReader } from './envelope-candidates.ts';
import { settledBatch } from './settled-batch.ts';
import type { Source } from './source.ts';

/** The seconds that a message is hidden from others; it is hidden anew well before they are over. */
const hiddenSeconds = 60;
const hideEvery = 20_000;

/** The milliseconds that are waited for messages that another reader, or a process that has died, still hides. */
const waitsForHidden = 90_000;

/** A message that was received. */
interface Held {
  readonly receipt: string;
}

export interface QueuePlace {
  readonly url: string;
  readonly region: string | undefined;
  /** True where messages whose records are all done are deleted. */
  readonly deletes: boolean;
}

/**
 * Opens a queue of envelopes, which name their records; these are read from the topic. A message is hidden from others while its records are
 * in hand. It is deleted once nothing is left to be done about any of its records, and otherwise given back.
 */
export const queueSource = (
  { url, region, deletes }: QueuePlace,
  envelopes: EnvelopeReader,
): Source => {
  const client = new SQSClient(region === undefined ? {} : { region });
  const held = new Map<string, Held>();
  const unread: string[] = [];
  let deleted = 0;

  const refused = (error: Error): UserFacingError =>
    new UserFacingError(
      `The queue ${url} cannot be read (${error.name}: ${error.message}). It needs sqs:ReceiveMessage, sqs:DeleteMessage, ` +
        'sqs:ChangeMessageVisibility and sqs:GetQueueAttributes.',
      { cause: error },
    );
  const hide = (receipt: string, seconds: number): Promise<unknown> =>
    client
      .send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: receipt,
          VisibilityTimeout: seconds,
        }),
      )
      .catch(() => undefined);
  const timer = setInterval(() => {
    for (const { receipt } of held.values()) void hide(receipt, hiddenSeconds);
  }, hideEvery).unref();

  const receive = async (): Promise<Message[]> => {
    const { Messages = [] } = await client
      .send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: 2,
        }),
      )
      .catch((error: Error) => {
        throw refused(error);
      });
    return Messages;
  };
  /** Counts the messages that are left: those that can be received, and those that others hide. */
  const left = async (): Promise<{ readonly visible: number; readonly hidden: number }> => {
    const { Attributes = {} } = await client
      .send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      )
      .catch((error: Error) => {
        throw refused(error);
      });
    return {
      visible: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
      hidden: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0) - held.size,
    };
  };

  /** Deletes a message of which nothing is left to be done. */
  const finish = async (id: string, { receipt }: Held): Promise<void> => {
    held.delete(id);
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })).then(
      () => {
        deleted += 1;
      },
      (error: Error) => unread.push(`message ${id} could not be deleted (${error.name})`),
    );
  };

  const candidatesOf = async function* (
    message: Message,
    signal: AbortSignal,
  ): AsyncGenerator<Candidate> {
    const id = message.MessageId ?? '';
    const one: Held = { receipt: message.ReceiptHandle ?? '' };
    held.set(id, one);
    yield* settledBatch(envelopes.read(id, message.Body ?? '', signal), (isFine) => {
      if (isFine && deletes) finishing.push(finish(id, one));
    });
  };
  const finishing: Promise<void>[] = [];

  const giveBack = async (): Promise<void> => {
    await Promise.all(finishing.splice(0));
    await Promise.all([...held.values()].map(({ receipt }) => hide(receipt, 0)));
    held.clear();
  };

  return {
    unread,
    async end() {
      await giveBack();
      return deletes
        ? `${deleted} messages were deleted from ${url}, for nothing is left to be done about their records. Those of the others stay.`
        : `The messages in ${url} stay.`;
    },
    async *candidates(signal) {
      unread.length = 0;
      await giveBack();
      for (let since = performance.now(); ; ) {
        signal.throwIfAborted();
        const messages = await receive();
        for (const message of messages) {
          if (held.has(message.MessageId ?? '')) continue;
          since = performance.now();
          yield* candidatesOf(message, signal);
        }
        if (messages.length > 0) continue;
        const { visible, hidden } = await left();
        if (visible <= 0 && hidden <= 0) return;
        if (performance.now() - since > waitsForHidden) {
          unread.push(
            `about ${visible + hidden} messages of ${url} are in the hands of another reader`,
          );
          return;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await giveBack();
      client.destroy();
      await envelopes[Symbol.asyncDispose]();
    },
  };
};

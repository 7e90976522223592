import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OnFailureDestination } from '../mapping/on-failure.ts';

/**
 * Makes an on-failure destination that sends a message for each batch, without the batch's records, as AWS does. `AWS_ENDPOINT_URL` names
 * another SQS than Amazon's.
 * @param queue its URL, or its ARN.
 */
export const sqsDestination = (queue: string): OnFailureDestination => {
  const [, , , region, account, name] = queue.split(':');
  const isUrl = /^https?:/.test(queue);
  const client = new SQSClient({
    ...(isUrl || region === undefined ? {} : { region }),
    // An emulator may name itself otherwise in a queue's URL than it can be reached.
    useQueueUrlAsEndpoint: process.env['AWS_ENDPOINT_URL'] === undefined,
  });
  let url: Promise<string | undefined> | undefined;
  return async ({ payload: _, ...metadata }) => {
    url ??= isUrl
      ? Promise.resolve(queue)
      : client
          .send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }))
          .then(({ QueueUrl }) => QueueUrl);
    await client.send(
      new SendMessageCommand({ QueueUrl: await url, MessageBody: JSON.stringify(metadata) }),
    );
  };
};

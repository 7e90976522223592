import { matching, onOrOff, type Variables } from './variable.ts';

/**
 * A consumer group's name as Lambda's event source mapping takes it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html
 */
export const consumerGroupName = matching(
  '1 to 200 of letters, digits and -/*:_+=.@',
  /^[A-Za-z0-9\-/*:_+=.@]{1,200}$/,
);

/** The variables about the event source mapping that calls the function. */
export const kafkaVariables = {
  CONSUMER_GROUP_ID: {
    setting: 'consumerGroup',
    meaning: 'the consumer group of the event source mapping; checkpoints are kept under this name',
    fallback: null,
    ...consumerGroupName,
  },
  PARTIAL_RESPONSES: {
    setting: 'partialResponses',
    meaning:
      'report only the failed records (partial batch response); `off` fails the whole invocation, for an on-demand mapping, which takes the report for success',
    fallback: 'on',
    ...onOrOff,
  },
} as const satisfies Variables;

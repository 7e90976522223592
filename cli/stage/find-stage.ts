import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { mappingConnection } from '../kafka/mapping-connection.ts';
import type { Deployed, Found } from '../target/open-target.ts';
import { askAws } from './ask-aws.ts';
import { credentialVariables } from './credential-variables.ts';
import { describeStack } from './describe-stack.ts';
import { mappingSwitch } from './mapping-switch.ts';
import { placeOf } from './place-of.ts';
import { stackHealth } from './stack-health.ts';

/**
 * Finds a deployed pipeline: the names of its resources by the stack's outputs, its settings by the variables of the function, and its
 * brokers by the event source mapping. It needs credentials of AWS that may read these.
 * @throws {UserFacingError} where there is no such pipeline, or it cannot be read.
 */
export const findStage = async (deployed: Deployed): Promise<Found> => {
  const place = placeOf(deployed);
  const stack = await describeStack(place);
  // The function's own code takes the region from the environment, as on Lambda.
  process.env['AWS_REGION'] = stack.region;
  const lambda = new LambdaClient({ region: stack.region });
  const gone = (what: string) => () =>
    `The stack ${stack.name} names ${what}, which is not there: it was deleted by hand, and a deploy makes it again.`;
  try {
    const { Environment } = await askAws(
      {
        what: `the function ${stack.functionName}`,
        action: 'lambda:GetFunctionConfiguration',
        missing: gone(`the function ${stack.functionName}`),
      },
      () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: stack.functionName })),
    );
    const mapping = await askAws(
      {
        what: `the event source mapping ${stack.mappingId}`,
        action: 'lambda:GetEventSourceMapping',
        missing: gone(`the event source mapping ${stack.mappingId}`),
      },
      () => lambda.send(new GetEventSourceMappingCommand({ UUID: stack.mappingId })),
    );
    const variables = Environment?.Variables ?? {};
    const { credentials } = lambda.config;
    return {
      name: place.name,
      environment: Object.defineProperties(
        { ...variables, AWS_REGION: stack.region },
        // Only a signed login at the database reads them.
        variables['CASSANDRA_AUTH'] === 'sigv4'
          ? Object.getOwnPropertyDescriptors(await credentialVariables(() => credentials()))
          : {},
      ),
      topic: topicOf(mapping),
      stack,
      mapping: mappingSwitch(stack),
      stackHealth: () => stackHealth(stack),
      kafka: () => connectionOf(mapping, stack.region),
    };
  } finally {
    lambda.destroy();
  }
};

const topicOf = ({ Topics: [topic] = [] }: EventSourceMappingConfiguration): string | null =>
  topic ?? null;

const connectionOf = (mapping: EventSourceMappingConfiguration, region: string) =>
  askAws(
    {
      what: `the brokers of the event source mapping ${mapping.UUID}`,
      action: 'kafka:GetBootstrapBrokers, and secretsmanager:GetSecretValue for their login',
    },
    () => mappingConnection(mapping, region),
  );

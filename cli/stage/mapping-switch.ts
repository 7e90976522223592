import {
  GetEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { MappingSwitch } from '../target/mapping-switch.ts';
import type { Stack } from '../target/stack.ts';
import { askAws } from './ask-aws.ts';

/** Switches the event source mapping of a stack by Lambda's API. */
export const mappingSwitch = ({
  region,
  mappingId,
}: Pick<Stack, 'region' | 'mappingId'>): MappingSwitch => {
  const asked = <T>(action: string, ask: (lambda: LambdaClient) => Promise<T>): Promise<T> =>
    askAws({ what: `the event source mapping ${mappingId}`, action }, async () => {
      const lambda = new LambdaClient({ region });
      return ask(lambda).finally(() => lambda.destroy());
    });
  return {
    async state() {
      const { State = 'unknown' } = await asked('lambda:GetEventSourceMapping', (lambda) =>
        lambda.send(new GetEventSourceMappingCommand({ UUID: mappingId })),
      );
      return State;
    },
    async setEnabled(enabled) {
      await asked('lambda:UpdateEventSourceMapping', (lambda) =>
        lambda.send(new UpdateEventSourceMappingCommand({ UUID: mappingId, Enabled: enabled })),
      );
    },
  };
};

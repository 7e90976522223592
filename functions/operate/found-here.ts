import { mappingConnection } from '../../cli/kafka/mapping-connection.ts';
import type { Found } from '../../cli/target/open-target.ts';
import type { StackHealth } from '../../cli/target/stack-health.ts';
import type { Told } from '../../cli/target/told.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import type { OperateEvent } from './protocol.ts';

/** The variables that the function has besides those of the function that writes the events. */
export interface OperateVariables {
  readonly OPERATE_TOPIC: string;
  /** How the event source mapping reaches the brokers, as JSON. */
  readonly OPERATE_BROKERS: string;
  /** The bucket of the runs' files. */
  readonly OPERATE_BUCKET: string;
}

/** Gives a variable of the function. @throws {Error} where it is not set. */
export const variable = (name: keyof OperateVariables): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

/** Finds the pipeline that the function belongs to. */
export const foundHere = ({
  stack,
  mappingState,
  stackHealth,
}: Pick<OperateEvent, 'stack' | 'mappingState' | 'stackHealth'>): Found => {
  const region = process.env['AWS_REGION'] ?? stack.region;
  return {
    name: `stack ${stack.name}`,
    environment: process.env,
    topic: variable('OPERATE_TOPIC'),
    stack,
    ...(mappingState !== null && {
      mapping: {
        state: async () => mappingState,
        async setEnabled() {
          throw new UserFacingError(
            'The function may not switch the event source mapping. Disable it from where the command is called: ' +
              `aws lambda update-event-source-mapping --region ${region} --uuid ${stack.mappingId} --no-enabled`,
          );
        },
      },
    }),
    ...(stackHealth !== null && { stackHealth: async () => withTimes(stackHealth) }),
    kafka: () => mappingConnection(JSON.parse(variable('OPERATE_BROKERS')), region),
  };
};

/** Makes times of the texts that they are in an event. */
const withTimes = ({ alarms, onFailure, ...others }: StackHealth): StackHealth => ({
  ...others,
  alarms: inTold(alarms, (all) => all.map((one) => ({ ...one, since: timeOf(one.since) }))),
  onFailure: inTold(onFailure, (found) => found && { ...found, oldest: timeOf(found.oldest) }),
});

const inTold = <T>(told: Told<T>, convert: (value: T) => T): Told<T> =>
  told.kind === 'known' ? { ...told, value: convert(told.value) } : told;

const timeOf = (given: Date | string | null): Date | null =>
  given === null ? null : new Date(given);

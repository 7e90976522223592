import { Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PipelineSettings } from '../config/pipeline.ts';
import { readPipelineSettings } from '../config/read-deploy-config.ts';
import { settingsOf } from './given.ts';
import type { LatenessProps, NetworkProps, UserEventsPipelineProps } from './props.ts';

/**
 * Makes the settings of a construct's props, checked by the rules and guards that a stage is checked by.
 * @throws {DeployConfigError} naming every mistake.
 */
export const settingsOfPipeline = (
  construct: Construct,
  props: UserEventsPipelineProps,
): PipelineSettings => {
  const { topic, consumerGroup, source, sink, schemaRegistry, onFailure, alarms } = props;
  const { account, region } = Stack.of(construct);
  return readPipelineSettings(
    construct.node.path,
    settingsOf({
      name: props.name ?? Names.uniqueResourceName(construct, { maxLength: 64, separator: '-' }),
      account: knownAtSynth(account),
      region: knownAtSynth(region),
      topic,
      consumerGroup,
      source: source.settings,
      sink: sink.settings,
      schemaRegistry: schemaRegistry?.settings,
      mapping: props.mapping && settingsOf(props.mapping),
      onFailure: onFailure?.settings,
      network: props.network && openings(props.network),
      function: props.function && settingsOf(props.function),
      environment: {
        ...schemaRegistry?.environment,
        ...(props.lateness && latenessVariables(props.lateness)),
        ...props.environment,
      },
      removal: props.removalPolicy === RemovalPolicy.DESTROY ? 'destroy' : 'retain',
      alarms: alarms ? alarmSettings(alarms) : undefined,
      operate: props.operate,
    }),
  );
};

const knownAtSynth = (value: string): string | undefined =>
  Token.isUnresolved(value) ? undefined : value;

const openings = ({ database, endpoints }: NetworkProps) =>
  settingsOf({
    database: database && {
      ...('cidr' in database ? database : { securityGroupId: groupIdOf(database.securityGroup) }),
    },
    endpoints,
  });

const groupIdOf = (group: { readonly securityGroupId: string } | string): string =>
  typeof group === 'string' ? group : group.securityGroupId;

const latenessVariables = ({ outOfOrderness, rule, lateEvents, maxFuture }: LatenessProps) =>
  settingsOf({
    OUT_OF_ORDERNESS_SECONDS: outOfOrderness && `${outOfOrderness.toSeconds()}`,
    LATENESS_RULE: rule,
    LATE_EVENTS: lateEvents,
    MAX_FUTURE_SECONDS: maxFuture && `${maxFuture.toSeconds()}`,
  });

const alarmSettings = ({
  topic,
  ...same
}: Exclude<UserEventsPipelineProps['alarms'], false | undefined>) =>
  settingsOf({ ...same, topicArn: topic?.topicArn });

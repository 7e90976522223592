import { Annotations, type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarms } from './alarms.ts';
import type { KafkaCluster } from './config/source.ts';
import type { DeployConfig } from './config/stage.ts';
import { warnings } from './config/warnings.ts';
import { EventsDashboard } from './dashboard.ts';
import { DemoCluster } from './demo.ts';
import { encryptionKey } from './encryption-key.ts';
import { IngestFunction } from './ingest-function.ts';
import { KafkaSource } from './kafka-source.ts';
import { Network } from './network.ts';
import { onFailureDestination } from './on-failure.ts';
import { outputs } from './outputs.ts';
import { pipelineMetrics } from './pipeline-metrics.ts';
import { tables } from './tables.ts';

/** The stack of one stage: tables, function, event source mapping, alarms and dashboard. */
export class UserEventsStack extends Stack {
  constructor(app: App, config: DeployConfig) {
    const { stackName, account, region, topic, source, sink, terminationProtection } = config;
    super(app, stackName, {
      env: { ...(account && { account }), ...(region && { region }) },
      terminationProtection,
      description: `User events from the Kafka topic ${topic} to Cassandra`,
    });
    for (const [name, text] of warnings(config))
      Annotations.of(this).addWarningV2(`user-events:${name}`, text);

    if (sink.kind === 'keyspaces' && sink.tables.create && source.kind !== 'demo')
      Annotations.of(this).addInfoV2(
        'user-events:existing-keyspace',
        `The stack makes the keyspace ${sink.keyspace} with its tables. Where an earlier stack has left them, add --import-existing-resources ` +
          'to the first cdk deploy, or it fails with "already exists".',
      );

    const removalPolicy =
      config.removal === 'destroy' || source.kind === 'demo'
        ? RemovalPolicy.DESTROY
        : // RETAIN would also keep them in the rollback of a first deploy, and the next deploy would find their names taken.
          RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const key = config.encryption === 'own-key' ? encryptionKey(this, removalPolicy) : undefined;
    const network = config.network && new Network(this, 'Network', config.network, config);

    const made = tables(this, config, { removalPolicy, network, key });
    const target = new IngestFunction(this, 'Ingest', { config, network, key });
    // A new version of the function must find its new columns in the table.
    if (made !== null) target.function.node.addDependency(made);
    const onFailure = onFailureDestination(this, config.onFailure, { removalPolicy, key });
    onFailure.grant(target.role);

    const cluster =
      source.kind === 'demo' ? new DemoCluster(this, 'Demo', { ...config, source }) : null;
    const mapping = new KafkaSource(this, 'Source', {
      config,
      source: cluster?.source ?? (source as KafkaCluster),
      target,
      onFailure: onFailure.name,
      key,
    });
    const metrics = pipelineMetrics(target.function, mapping.mappingId, config);
    const alarms = new Alarms(this, 'Alarms', metrics, config);
    const { dashboardName } = new EventsDashboard(this, 'Dashboard', metrics, config);
    outputs(
      this,
      {
        functionName: target.function.functionName,
        logGroupName: target.function.logGroup.logGroupName,
        mappingId: mapping.mappingId,
        dashboardName,
        onFailure: onFailure.shown,
      },
      config,
    );

    // The mapping comes last, but for resources that need its id: a first deploy that fails earlier has written no rows, so
    // its rollback deletes empty tables (docs/decisions/0014).
    const before = [made, cluster, network, onFailure.made, ...alarms.ofTheFunction];
    mapping.makeAfter(...before.filter((one) => one !== null && one !== undefined));
  }
}

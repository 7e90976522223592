import { Annotations, App } from 'aws-cdk-lib';
import { SchemaError } from '../functions/ingest/avro/schema/schema-reader.ts';
import { EventPlanError } from '../functions/ingest/event/plan.ts';
import { addChecks } from './checks.ts';
import { sharedWithOtherStages } from './config/other-stages.ts';
import {
  DeployConfigError,
  readDeployConfig,
  readOtherStages,
} from './config/read-deploy-config.ts';
import { findStages } from './stages.ts';
import { UserEventsStack } from './user-events-stack.ts';

const app = new App();
addChecks(app);
const stage: unknown = app.node.tryGetContext('stage') ?? 'example';

try {
  const { file, stages } = findStages(app.node.tryGetContext('stages'));
  if (typeof stage !== 'string' || !Object.hasOwn(stages, stage))
    throw new DeployConfigError('the stages', [
      `-c stage=… must be one of those in ${file}: ${Object.keys(stages).join(', ')} (given ${JSON.stringify(stage)})`,
    ]);
  const config = readDeployConfig(stage, stages[stage], file);
  const stack = new UserEventsStack(app, config);
  for (const [name, text] of sharedWithOtherStages(config, readOtherStages(stage, stages)))
    Annotations.of(stack).addWarningV2(`user-events:${name}`, text);
} catch (error) {
  const expected = [DeployConfigError, EventPlanError, SchemaError];
  if (!(error instanceof Error && expected.some((one) => error instanceof one))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

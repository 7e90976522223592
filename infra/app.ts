import { App } from 'aws-cdk-lib';
import { addChecks } from './checks.ts';
import { DeployConfigError, readDeployConfig } from './config.ts';
import { UserEventsStack } from './user-events-stack.ts';

const app = new App();
addChecks(app);
const stages: Record<string, unknown> = app.node.tryGetContext('stages') ?? {};
const stage: unknown = app.node.tryGetContext('stage') ?? 'example';

try {
  if (typeof stage !== 'string' || !Object.hasOwn(stages, stage))
    throw new DeployConfigError(String(stage), [
      `-c stage=… must be one of ${Object.keys(stages).join(', ')} (given ${JSON.stringify(stage)})`,
    ]);
  new UserEventsStack(app, readDeployConfig(stage, stages[stage]));
} catch (error) {
  if (!(error instanceof DeployConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

import type * as z from 'zod';
import type { PipelineSettings } from '../pipeline.ts';
import { pipelineOf } from '../pipeline-of-stage.ts';
import type { DeployConfig } from '../stage.ts';
import { retention, timeout } from './function.ts';
import type { Guard } from './guard.ts';
import { destination, onDemand, pollers, retries, start } from './mapping.ts';
import { nearby } from './nearby.ts';
import { inVpc } from './network.ts';
import { knownBrokers, operateVariablesSize } from './operate.ts';
import { reachable } from './reachable.ts';
import { registry } from './registry.ts';
import { capacity, replicas } from './sink.ts';
import { accesses, groupName, secretKey, vpcConnection } from './source.ts';
import { stageGuards } from './stage.ts';
import { values, variablesSize } from './variables.ts';

/** Every guard of a pipeline, in the order in which mistakes are reported. */
const pipelineGuards: readonly Guard[] = [
  nearby,
  registry,
  groupName,
  accesses,
  onDemand,
  pollers,
  retries,
  start,
  destination,
  timeout,
  retention,
  capacity,
  secretKey,
  vpcConnection,
  replicas,
  inVpc,
  reachable,
  values,
  variablesSize,
  knownBrokers,
  operateVariablesSize,
];

/** Runs each guard whose settings are right in themselves, and adds what it finds to the mistakes of the schema. */
const run = <Settings extends object>(
  guards: readonly Guard<Settings>[],
  given: Settings,
  wrong: ReadonlySet<unknown>,
  context: z.core.$RefinementCtx,
): void => {
  const findings = guards
    .filter(({ needs }) => !needs.some((name) => wrong.has(name)))
    .flatMap(({ find }) => find(given));
  for (const finding of findings) {
    if (finding === false) continue;
    const [path, message] = finding;
    const [setting] = path.split('.');
    // A setting that is wrong in itself has been reported.
    if (wrong.has(setting)) continue;
    context.addIssue({ code: 'custom', path: path.split('.'), message });
  }
};

const wrongIn = (context: z.core.$RefinementCtx): Set<unknown> =>
  new Set(context.issues.map(({ path = [] }) => path[0]));

/** Checks the settings of a pipeline. */
export const checkPipeline = (given: PipelineSettings, context: z.core.$RefinementCtx): void =>
  run(pipelineGuards, given, wrongIn(context), context);

/** Checks a stage, and the pipeline in it. */
export const checkStage = (given: DeployConfig, context: z.core.$RefinementCtx): void => {
  const wrong = wrongIn(context);
  // A stage that is no object has been reported, and has no settings to look at.
  if (wrong.has(undefined) && Object(given) !== given) return;
  if (wrong.has('stackName')) wrong.add('name');
  run(stageGuards, given, wrong, context);
  run(pipelineGuards, pipelineOf(given), wrong, context);
};

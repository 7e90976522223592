import type * as z from 'zod';
import type { DeployConfig } from '../stage.ts';
import { demo } from './demo.ts';
import { retention, timeout } from './function.ts';
import type { Guard } from './guard.ts';
import { destination, onDemand, pollers, retries, start } from './mapping.ts';
import { nearby } from './nearby.ts';
import { inVpc } from './network.ts';
import { reachable } from './reachable.ts';
import { registry } from './registry.ts';
import { capacity, replicas } from './sink.ts';
import { accesses, groupName, secretKey, vpcConnection } from './source.ts';
import { target } from './target.ts';
import { values, variablesSize } from './variables.ts';

/** Every guard, in the order in which mistakes are reported. */
const guards: readonly Guard[] = [
  ...target,
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
  demo,
  values,
  variablesSize,
];

/** Runs each guard whose settings are right in themselves, and adds what it finds to the mistakes of the schema. */
export const checkStage = (config: DeployConfig, context: z.core.$RefinementCtx): void => {
  const wrong = new Set(context.issues.map(({ path = [] }) => path[0]));
  // A stage that is no object has been reported, and has no settings to look at.
  if (wrong.has(undefined) && Object(config) !== config) return;
  const findings = guards
    .filter(({ needs }) => !needs.some((name) => wrong.has(name)))
    .flatMap(({ find }) => find(config));
  for (const finding of findings) {
    if (finding === false) continue;
    const [path, message] = finding;
    const [setting] = path.split('.');
    // A setting that is wrong in itself has been reported.
    if (wrong.has(setting)) continue;
    context.addIssue({ code: 'custom', path: path.split('.'), message });
  }
};

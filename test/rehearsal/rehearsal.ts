import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { join, relative } from 'node:path';
import type { Client } from 'cassandra-driver';
import { type CdkResult, runCdk } from './cdk.ts';
import type { Emulator, MadeResource, StackState, State } from './emulator.ts';
import { root } from './prepare.ts';
import type { Database, Stage, Stages } from './stages.ts';
import { inAVpc } from './surroundings.ts';

/** The servers and tools that all scenarios share. */
export interface World {
  readonly emulator: Emulator;
  readonly stages: Stages;
  /** The Cassandra, as the stages name it. */
  readonly database: Database;
  /** The Python that the emulator runs on. */
  readonly python: string;
  /** The address of the Kafka that replaces each MSK cluster, as host:port. */
  readonly brokers: string;
  /** A client of the Cassandra to which stages with one write. */
  readonly cassandra: Client;
  readonly signal: AbortSignal;
}

/** A step of a scenario: a command, or a check of the state. */
export interface Step {
  readonly what: string;
  readonly seconds: number;
  /** The exit code of a command; null if a signal ended it. */
  readonly code?: number | null;
}

/** A sentence about deploys, with the commands that test it. */
export interface Scenario {
  readonly name: string;
  /** False if only `--all` runs it, and CI does not. */
  readonly inCi?: false;
  /** True if the scenario needs Kafka or Cassandra, which are started only then. */
  readonly onServers?: true;
  readonly run: (rehearsal: Rehearsal) => Promise<void>;
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

/** Adapts the path of a stage's certificate to the folder of another project. */
const seenFrom = (project: string, stage: Stage): Stage => {
  const { caFile } = stage.sink;
  if (typeof caFile !== 'string') return stage;
  return { ...stage, sink: { ...stage.sink, caFile: relative(project, join(root, caFile)) } };
};

/** An error for a command that ended unexpectedly. The message has the command's output. */
export class UnexpectedEndError extends Error {
  override readonly name = 'UnexpectedEndError';
}

/** The commands of one scenario, in a folder of its own, with an account of the steps. */
export class Rehearsal {
  readonly world: World;
  readonly folder: string;
  readonly steps: Step[];
  /** The folder of the project that is deployed. */
  readonly #project: string;

  constructor(world: World, folder: string, project = root, steps: Step[] = []) {
    this.world = world;
    this.folder = folder;
    this.steps = steps;
    this.#project = project;
  }

  /** Makes the same rehearsal with commands that deploy a copy of the project. */
  of(copy: string): Rehearsal {
    return new Rehearsal(this.world, this.folder, copy, this.steps);
  }

  get stages(): Stages {
    return this.world.stages;
  }

  /** Runs `cdk deploy`, which must succeed. @param args further arguments. */
  deploy(stage: Stage, what = 'deploy', args: readonly string[] = []): Promise<string> {
    return this.#succeed(what, stage, ['deploy', '--require-approval', 'never', ...args]);
  }

  /** Runs `cdk deploy`, which may succeed or fail. */
  tryDeploy(stage: Stage, what: string): Promise<CdkResult> {
    return this.#cdk(what, stage, ['deploy', '--require-approval', 'never']);
  }

  /** Runs `cdk deploy`, which must fail with an output that matches the pattern. @returns the output. */
  async deployFails(stage: Stage, why: RegExp, what = 'deploy, which fails'): Promise<string> {
    const { code, output } = await this.tryDeploy(stage, what);
    if (code === 0) throw new UnexpectedEndError(`cdk deploy succeeded, and must not:\n${output}`);
    match(output, why);
    return output;
  }

  /** Runs `cdk diff`, which must find no difference. */
  async noDifference(stage: Stage): Promise<void> {
    await this.#succeed('diff: none', stage, ['diff', '--fail']);
  }

  /** Runs `cdk deploy` again, which must change nothing. */
  async deployAgain(stage: Stage): Promise<void> {
    match(await this.deploy(stage, 'deploy again: no change'), /\(no changes\)/);
  }

  /** Runs `cdk destroy`, which must succeed. */
  async destroy(stage: Stage): Promise<void> {
    await this.#succeed('destroy', stage, ['destroy', '--force']);
    ok(this.#status(await this.state(), stage) === 'DELETE_COMPLETE');
  }

  /** Runs `cdk destroy`, which must be refused with an output that matches the pattern. */
  async destroyFails(stage: Stage, why: RegExp): Promise<void> {
    const { output } = await this.#cdk('destroy, which is refused', stage, ['destroy', '--force']);
    match(output, why);
    ok(this.#status(await this.state(), stage) !== 'DELETE_COMPLETE');
  }

  /** Writes the cloud assembly of a stage into a folder, as `cdk synth` does. */
  async synth(stage: Stage, folder: string): Promise<void> {
    await this.#succeed('synth', stage, ['synth', '--quiet', '--output', folder]);
  }

  /** Makes the next creation, change or deletion of a type in the stage's stack fail. */
  plant(stage: Stage, action: 'create' | 'update' | 'delete', type: string): Promise<void> {
    const message = `planted: no ${action} of ${type}`;
    return this.world.emulator.plant({ stack: stage.stackName, action, type, message });
  }

  /** Replaces the VPC that a stage names by one that exists. */
  inAVpc(stage: Stage): Promise<Stage> {
    const { emulator, signal } = this.world;
    return this.step('make a VPC', () => inAVpc(emulator, stage, signal));
  }

  state(): Promise<State> {
    return this.world.emulator.state();
  }

  async stack(stage: Stage): Promise<StackState> {
    const stack = (await this.state()).stacks[stage.stackName];
    if (stack === undefined) throw new Error(`There is no stack ${stage.stackName}`);
    return stack;
  }

  /** Lists the resources of a type in a stage's stack. */
  async resources(stage: Stage, type: string | RegExp): Promise<MadeResource[]> {
    return Object.values((await this.stack(stage)).resources).filter((one) =>
      typeof type === 'string' ? one.type === type : type.test(one.type),
    );
  }

  /** Finds the function that writes events, with its logical id. */
  async ingestFunction(stage: Stage): Promise<MadeResource & { readonly logicalId: string }> {
    const { resources } = await this.stack(stage);
    const found = Object.entries(resources).find(
      ([, { properties }]) =>
        properties['Description'] === 'Writes user events from Kafka to Cassandra',
    );
    ok(found !== undefined);
    const [logicalId, resource] = found;
    return { ...resource, logicalId };
  }

  /** Checks the stack's status. */
  async isIn(stage: Stage, status: string): Promise<void> {
    deepStrictEqual((await this.stack(stage)).status, status);
  }

  /** Does work other than a command of the CDK, with its line in the account. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.steps.push({ what, seconds: secondsSince(began) });
    }
  }

  async #succeed(what: string, stage: Stage, args: readonly string[]): Promise<string> {
    const { code, output } = await this.#cdk(what, stage, args);
    if (code !== 0)
      throw new UnexpectedEndError(`cdk ${args[0]} ended with ${code}, and must not:\n${output}`);
    return output;
  }

  async #cdk(what: string, stage: Stage, args: readonly string[]): Promise<CdkResult> {
    const { emulator, signal } = this.world;
    const began = performance.now();
    const stages = { prod: seenFrom(this.#project, stage) };
    const result = await runCdk(this.folder, stages, [...args, '-c', 'stage=prod'], {
      environment: emulator.environment,
      signal,
      project: this.#project,
    });
    this.steps.push({ what, seconds: secondsSince(began), code: result.code });
    return result;
  }

  #status(state: State, { stackName }: Stage): string | undefined {
    return state.stacks[stackName]?.status;
  }
}

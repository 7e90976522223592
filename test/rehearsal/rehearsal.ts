import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { join, relative } from 'node:path';
import type { Client } from 'cassandra-driver';
import { type CdkResult, runCdk } from './cdk.ts';
import type { Emulator, MadeResource, StackState, State } from './emulator.ts';
import { root } from './prepare.ts';
import type { Database, Stage, Stages } from './stages.ts';
import { inAVpc } from './surroundings.ts';

/** What all scenarios share. */
export interface World {
  readonly emulator: Emulator;
  readonly stages: Stages;
  /** Where the Cassandra is, as the stages say it. */
  readonly database: Database;
  /** The Python that the emulator runs on. */
  readonly python: string;
  /** host:port of the Kafka that stands for each MSK cluster. */
  readonly brokers: string;
  /** On the Cassandra that stages with one write to. */
  readonly cassandra: Client;
  readonly signal: AbortSignal;
}

/** One command, or one look at what is there. */
export interface Step {
  readonly what: string;
  readonly seconds: number;
  /** A command's exit code; null where a signal ended it. */
  readonly code?: number | null;
}

/** A sentence that holds of deploys, and how it is tried. */
export interface Scenario {
  readonly name: string;
  /** Whether CI runs it, or only `--all`; CI unless given. */
  readonly inCi?: false;
  /** True where the scenario needs Kafka or Cassandra; they are started only where one does. */
  readonly onServers?: true;
  readonly run: (rehearsal: Rehearsal) => Promise<void>;
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

/** A stage with the path of its certificate from another project's folder. */
const seenFrom = (project: string, stage: Stage): Stage => {
  const { caFile } = stage.sink;
  if (typeof caFile !== 'string') return stage;
  return { ...stage, sink: { ...stage.sink, caFile: relative(project, join(root, caFile)) } };
};

/** A command ended otherwise than it must; the message has what it said. */
export class UnexpectedEndError extends Error {
  override readonly name = 'UnexpectedEndError';
}

/** The commands of one scenario, in a folder of its own, with an account of what was done. */
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

  /** The same rehearsal, whose commands deploy a copy of the project. */
  of(copy: string): Rehearsal {
    return new Rehearsal(this.world, this.folder, copy, this.steps);
  }

  get stages(): Stages {
    return this.world.stages;
  }

  /** `cdk deploy`, which must succeed. @param args further arguments. */
  deploy(stage: Stage, what = 'deploy', args: readonly string[] = []): Promise<string> {
    return this.#succeed(what, stage, ['deploy', '--require-approval', 'never', ...args]);
  }

  /** `cdk deploy`, which may end in either way. */
  tryDeploy(stage: Stage, what: string): Promise<CdkResult> {
    return this.#cdk(what, stage, ['deploy', '--require-approval', 'never']);
  }

  /** `cdk deploy`, which must fail, and say why in the words of the pattern. @returns what it said. */
  async deployFails(stage: Stage, why: RegExp, what = 'deploy, which fails'): Promise<string> {
    const { code, output } = await this.tryDeploy(stage, what);
    if (code === 0) throw new UnexpectedEndError(`cdk deploy succeeded, and must not:\n${output}`);
    match(output, why);
    return output;
  }

  /** `cdk diff`, which must find none. */
  async noDifference(stage: Stage): Promise<void> {
    await this.#succeed('diff: none', stage, ['diff', '--fail']);
  }

  /** `cdk deploy` of what is deployed, which must change nothing. */
  async deployAgain(stage: Stage): Promise<void> {
    match(await this.deploy(stage, 'deploy again: no change'), /\(no changes\)/);
  }

  /** `cdk destroy`, which must succeed. */
  async destroy(stage: Stage): Promise<void> {
    await this.#succeed('destroy', stage, ['destroy', '--force']);
    ok(this.#status(await this.state(), stage) === 'DELETE_COMPLETE');
  }

  /** `cdk destroy`, which must be refused in the words of the pattern. */
  async destroyFails(stage: Stage, why: RegExp): Promise<void> {
    const { output } = await this.#cdk('destroy, which is refused', stage, ['destroy', '--force']);
    match(output, why);
    ok(this.#status(await this.state(), stage) !== 'DELETE_COMPLETE');
  }

  /** Writes the cloud assembly of a stage into a folder, as `cdk synth` does. */
  async synth(stage: Stage, folder: string): Promise<void> {
    await this.#succeed('synth', stage, ['synth', '--quiet', '--output', folder]);
  }

  /** The next creation, change or deletion of a type in the stage's stack fails. */
  plant(stage: Stage, action: 'create' | 'update' | 'delete', type: string): Promise<void> {
    const message = `planted: no ${action} of ${type}`;
    return this.world.emulator.plant({ stack: stage.stackName, action, type, message });
  }

  /** The stage in a VPC that is there; it names one that is not. */
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

  /** The resources of a type in a stage's stack. */
  async resources(stage: Stage, type: string | RegExp): Promise<MadeResource[]> {
    return Object.values((await this.stack(stage)).resources).filter((one) =>
      typeof type === 'string' ? one.type === type : type.test(one.type),
    );
  }

  /** The function that writes events, with its logical id. */
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

  /** The stack's status must be this one. */
  async isIn(stage: Stage, status: string): Promise<void> {
    deepStrictEqual((await this.stack(stage)).status, status);
  }

  /** Does something that is no command of the CDK, with its line in the account. */
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

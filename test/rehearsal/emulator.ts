import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { root } from './prepare.ts';
import type { Database } from './stages.ts';

/** A resource of a stack in the emulator. */
export interface MadeResource {
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface StackEvent {
  readonly LogicalResourceId: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason: string;
}

export interface StackState {
  readonly status: string;
  readonly protected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  /** The resources by logical id. */
  readonly resources: Readonly<Record<string, MadeResource>>;
  /** The events in the order in which they came. */
  readonly events: readonly StackEvent[];
}

interface Mapping {
  readonly FunctionArn: string;
  readonly Topics: readonly string[];
  readonly ProvisionedPollerConfig?: object;
}

/** The state of the emulated AWS. */
export interface State {
  /** The stacks by name; the newest of several with one name. */
  readonly stacks: Readonly<Record<string, StackState>>;
  /** Keyspaces' tables, by keyspace and name. */
  readonly keyspaces: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly mappings: Readonly<Record<string, Mapping>>;
  /** The resources that outlived their stack, or their removal from a template. */
  readonly retained: readonly {
    readonly stack: string;
    readonly type: string;
    readonly id: string;
  }[];
}

/** A fault for the next creation, change or deletion of a type in a stack. */
interface PlantedFault {
  readonly stack: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly message: string;
}

export interface Emulator extends AsyncDisposable {
  /** The variables by which AWS's clients and the CDK's command line find the emulator. */
  readonly environment: Readonly<Record<string, string>>;
  readonly state: () => Promise<State>;
  readonly plant: (fault: PlantedFault) => Promise<void>;
  /** Puts an object into a bucket. */
  readonly upload: (bucket: string, key: string, body: Buffer) => Promise<void>;
  /** Runs a function. @returns its answer. @throws if the function throws, with its error. */
  readonly invoke: (functionName: string, event: object) => Promise<unknown>;
  /** Calls CloudFormation's API once. @returns the answer's XML. */
  readonly cloudFormation: (parameters: Readonly<Record<string, string>>) => Promise<string>;
}

export interface EmulatorOptions {
  readonly python: string;
  /** The folder `node_modules` that functions find beside their own code. */
  readonly sdk: string;
  /** The folder for code and logs, which must exist and be empty. */
  readonly folder: string;
  /** The address of the Kafka that replaces each MSK cluster, as host:port. */
  readonly brokers: string;
  /** The Cassandra to which the functions of stages on Keyspaces write. */
  readonly database: Omit<Database, 'secretArn'>;
}

const region = 'eu-west-1';

const logOf = (folder: string): string => join(folder, 'emulator.log');

/**
 * Starts the emulator of AWS's API (emulator/main.py) on free ports of this machine.
 * @throws {UserFacingError} if it does not start.
 */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const { python, sdk, folder, brokers, database } = options;
  const log = logOf(folder);
  const settings = {
    ...{ log, folder, brokers, sdk, node: process.execPath },
    ca: join(root, database.caFile),
    replaced: {
      // The Kafka of a rehearsal has no IAM login, and one broker.
      ...{ KAFKA_AUTH: { iam: 'none' }, REPLICAS: { 2: '1' } },
      CASSANDRA_CONTACT_POINTS: {
        [`cassandra.${region}.amazonaws.com:9142`]: database.contactPoint,
      },
      CASSANDRA_LOCAL_DATACENTER: { [region]: database.localDataCenter },
    },
  };
  const main = join(import.meta.dirname, 'emulator', 'main.py');
  const child = spawn(python, [main, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    // A terminal's Ctrl-C ends this program, which then ends the emulator.
    detached: true,
  });
  guardProcess(child);
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => [null]),
  ]);
  if (line === null)
    throw new UserFacingError(
      `The emulator did not start: ${(await readFile(log, 'utf8').catch(() => 'it wrote no log')).slice(-1000)}`,
    );
  const endpoints: Record<string, string> = JSON.parse(line);
  const { AWS_ENDPOINT_URL: moto, AWS_ENDPOINT_URL_CLOUDFORMATION: own } = endpoints;
  return {
    environment: {
      ...endpoints,
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    state: async () => JSON.parse(await ask(`${own}/rehearsal/state`, { method: 'GET' })),
    async plant(fault) {
      await ask(`${own}/rehearsal/plant`, { method: 'POST', body: JSON.stringify(fault) });
    },
    async upload(bucket, key, body) {
      const request = { method: 'PUT', body: new Uint8Array(body), headers: { authorization } };
      await ask(`${moto}/${bucket}/${key}`, request);
    },
    async invoke(functionName, event) {
      const request = { method: 'POST', body: JSON.stringify(event) };
      const path = `2015-03-31/functions/${functionName}/invocations`;
      const answer = JSON.parse(await ask(`${own}/${path}`, request));
      if (answer?.errorType === undefined) return answer;
      throw new Error(`${functionName} threw ${answer.errorType}: ${answer.errorMessage}`);
    },
    cloudFormation: (parameters) =>
      ask(`${own}/`, { method: 'POST', body: new URLSearchParams(parameters) }),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
};

/** A signature for moto, which demands one and does not check it. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=rehearsal/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=none';

/** Sends a request; gives the answer's text. @throws if the answer is no success, with its text. */
const ask = async (address: string, request: RequestInit): Promise<string> => {
  const response = await fetch(address, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`${request.method} ${address}: ${response.status} ${text}`);
  return text;
};

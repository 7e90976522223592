import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A refusal of AWS's. */
interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly status: number;
}

/** What is there in an account, by the names that AWS knows it by. A test may change it while the service runs. */
export interface AwsState {
  readonly stacks?: Readonly<
    Record<string, { readonly status?: string; readonly outputs: Readonly<Record<string, string>> }>
  >;
  /** The functions: their variables, and what they answer to an event. An error that is thrown is one of the function. */
  readonly functions?: Readonly<
    Record<
      string,
      {
        readonly variables?: Readonly<Record<string, string>>;
        readonly answer?: (event: never) => Promise<unknown>;
      }
    >
  >;
  /** The event source mappings by their UUIDs. */
  readonly mappings?: Record<string, Record<string, unknown>>;
  /** The texts of secrets by their ARNs. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The addresses that MSK names for clusters, by their ARNs. */
  readonly brokers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The objects by bucket and key: `bucket/a/b`. */
  readonly objects?: Map<string, Buffer>;
  /** The resources of stacks beside their outputs, by type: the names of alarms, … */
  readonly resources?: Readonly<Record<string, readonly string[]>>;
  /** The alarms by their names, with their states. */
  readonly alarms?: Readonly<Record<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>>;
  /** The values of the metrics of any event source mapping. */
  readonly metrics?: Readonly<Record<string, readonly number[]>>;
  /** The attributes of queues, by the last word of their addresses. */
  readonly queues?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Refuses an operation, such as `DescribeStacks`. */
  readonly refuse?: (operation: string) => Refusal | undefined;
}

export interface Aws extends AsyncDisposable {
  /** The variables by which AWS's clients find the service, with credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** The operations that were called, in order. */
  readonly called: readonly string[];
}

const awsAccount = '111122223333';

/** Starts a service on this machine that answers as much of AWS's APIs as the command line asks. */
export const startAws = async (state: AwsState): Promise<Aws> => {
  const called: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { operation, answer } = routed(state, request, body);
    called.push(operation);
    const refusal = state.refuse?.(operation) ?? (await answer().catch(refused)) ?? null;
    if (refusal === null) throw new Error(`${operation} has no answer`);
    send(request, response, operation, refusal);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    called,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** An error that is answered as AWS's. */
class AwsError extends Error {
  readonly refusal: Refusal;
  constructor(name: string, message: string, status = 400) {
    super(message);
    this.refusal = { name, message, status };
  }
}

const refused = (error: unknown): Refusal => {
  if (error instanceof AwsError) return error.refusal;
  throw error;
};

/** An answer: XML of the query protocol, JSON, or the bytes of an object. */
type Answer =
  | { readonly xml: string }
  | { readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly bytes: Buffer };

interface Routed {
  readonly operation: string;
  readonly answer: () => Promise<Answer>;
}

const routed = (state: AwsState, request: IncomingMessage, body: Buffer): Routed => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const path = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const [, operation = ''] = String(target).split('.');
    const asked = JSON.parse(body.toString());
    const answers: Readonly<Record<string, () => Answer>> = {
      GetSecretValue: () => secret(state, asked.SecretId),
      DescribeAlarms: () => alarms(state, asked.AlarmNames),
      GetMetricData: () => metrics(state, asked.MetricDataQueries),
      GetQueueAttributes: () => queue(state, asked.QueueUrl),
    };
    return { operation, answer: async () => required(answers[operation], operation)() };
  }
  if (path.length === 0) return query(state, new URLSearchParams(body.toString()));
  const [, kind, name = '', part] = path;
  if (path[0] === 'v1')
    return { operation: 'GetBootstrapBrokers', answer: () => brokers(state, name) };
  if (path[0] !== '2015-03-31') return object(state, request, path, searchParams, body);
  if (kind === 'event-source-mappings')
    return request.method === 'PUT'
      ? {
          operation: 'UpdateEventSourceMapping',
          answer: () => updateMapping(state, name, JSON.parse(body.toString())),
        }
      : { operation: 'GetEventSourceMapping', answer: () => mapping(state, name) };
  return part === 'invocations'
    ? { operation: 'Invoke', answer: () => invoke(state, name, JSON.parse(body.toString())) }
    : { operation: 'GetFunctionConfiguration', answer: () => configuration(state, name) };
};

const required = <T>(value: T | undefined, name: string): T => {
  if (value === undefined) throw new Error(`${name} has no answer`);
  return value;
};

const alarms = ({ alarms: known = {} }: AwsState, names: readonly string[]): Answer => ({
  json: {
    MetricAlarms: names
      .filter((name) => Object.hasOwn(known, name))
      .map((name) => ({
        AlarmName: name,
        AlarmDescription: `The meaning of ${name}.`,
        StateValue: known[name],
        StateUpdatedTimestamp: 1_764_400_000,
      })),
  },
});

/** A query of one metric, as far as it is read here. */
interface MetricQuery {
  readonly Id: string;
  readonly MetricStat: { readonly Metric: { readonly MetricName: string } };
}

const metrics = ({ metrics: known = {} }: AwsState, queries: readonly MetricQuery[]): Answer => ({
  json: {
    MetricDataResults: queries.map(({ Id, MetricStat }) => ({
      Id,
      Values: known[MetricStat.Metric.MetricName] ?? [],
    })),
  },
});

const queue = ({ queues = {} }: AwsState, url: string): Answer => {
  const found = queues[url.slice(url.lastIndexOf('/') + 1)];
  if (found === undefined)
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return { json: { Attributes: found } };
};

const query = ({ stacks = {}, resources = {} }: AwsState, parameters: URLSearchParams): Routed => {
  const operation = parameters.get('Action') ?? '';
  const named = parameters.get('StackName') ?? '';
  return {
    operation,
    async answer() {
      if (operation === 'GetCallerIdentity')
        return {
          xml: `<Arn>arn:aws:iam::${awsAccount}:user/test</Arn><Account>${awsAccount}</Account>`,
        };
      const stack = stacks[named];
      if (stack === undefined)
        throw new AwsError('ValidationError', `Stack with id ${named} does not exist`);
      if (operation === 'ListStackResources')
        return {
          xml: `<StackResourceSummaries>${Object.entries(resources)
            .flatMap(([type, names]) =>
              names.map(
                (name) =>
                  `<member><ResourceType>${type}</ResourceType><PhysicalResourceId>${name}</PhysicalResourceId></member>`,
              ),
            )
            .join('')}</StackResourceSummaries>`,
        };
      const outputs = Object.entries(stack.outputs).map(
        ([key, value]) =>
          `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      );
      const status = `<StackStatus>${stack.status ?? 'UPDATE_COMPLETE'}</StackStatus>`;
      return {
        xml: `<Stacks><member><StackName>${named}</StackName>${status}<Outputs>${outputs.join('')}</Outputs></member></Stacks>`,
      };
    },
  };
};

const secret = ({ secrets = {} }: AwsState, arn: string): Answer => {
  const text = secrets[arn];
  if (text === undefined)
    throw new AwsError('ResourceNotFoundException', 'Secrets Manager can’t find it.');
  return { json: { ARN: arn, SecretString: text } };
};

const configuration = async ({ functions = {} }: AwsState, name: string): Promise<Answer> => {
  const found = functions[name];
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
  return { json: { FunctionName: name, Environment: { Variables: found.variables ?? {} } } };
};

const invoke = async (
  { functions = {} }: AwsState,
  name: string,
  event: unknown,
): Promise<Answer> => {
  const answer = functions[name]?.answer;
  if (answer === undefined)
    throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
  try {
    return { json: await answer(event as never) };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    return {
      json: { errorType, errorMessage },
      headers: { 'x-amz-function-error': 'Unhandled' },
    };
  }
};

const mapping = async ({ mappings = {} }: AwsState, uuid: string): Promise<Answer> => {
  const found = mappings[uuid];
  if (found === undefined)
    throw new AwsError(
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
      404,
    );
  return { json: { UUID: uuid, ...found } };
};

/** Switches a mapping on or off, which AWS has done by the next time that it is asked. */
const updateMapping = async (
  state: AwsState,
  uuid: string,
  { Enabled }: { readonly Enabled?: boolean },
): Promise<Answer> => {
  await mapping(state, uuid);
  const found = state.mappings?.[uuid];
  if (found === undefined) throw new Error('unreachable');
  found['State'] = Enabled === true ? 'Enabled' : 'Disabled';
  return { json: { UUID: uuid, State: Enabled === true ? 'Enabling' : 'Disabling' } };
};

const brokers = async ({ brokers: known = {} }: AwsState, arn: string): Promise<Answer> => {
  const found = known[arn];
  if (found === undefined)
    throw new AwsError('NotFoundException', 'There is no such cluster.', 404);
  const spelt = Object.entries(found).map(([name, value]) => [
    (name[0] ?? '').toLowerCase() + name.slice(1),
    value,
  ]);
  return { json: Object.fromEntries(spelt) };
};

const object = (
  { objects = new Map() }: AwsState,
  { method }: IncomingMessage,
  path: readonly string[],
  parameters: URLSearchParams,
  body: Buffer,
): Routed => {
  const key = path.join('/');
  if (method === 'PUT')
    return {
      operation: 'PutObject',
      async answer() {
        objects.set(key, unchunked(body));
        return { bytes: Buffer.alloc(0) };
      },
    };
  if (path.length > 1)
    return {
      operation: 'GetObject',
      async answer() {
        const found = objects.get(key);
        if (found === undefined) throw new AwsError('NoSuchKey', 'There is no such key.', 404);
        return { bytes: found };
      },
    };
  const prefix = `${key}/${parameters.get('prefix') ?? ''}`;
  const keys = [...objects.keys()].filter((one) => one.startsWith(prefix));
  return {
    operation: 'ListObjectsV2',
    answer: async () => ({
      xml: keys
        .map(
          (one) =>
            `<Contents><Key>${one.slice(key.length + 1)}</Key><LastModified>2026-11-29T12:00:00.000Z</LastModified></Contents>`,
        )
        .join(''),
    }),
  };
};

/** Takes the chunks apart in which the SDK sends a stream, each with its size in hexadecimal. */
const unchunked = (body: Buffer): Buffer => {
  const parts: Buffer[] = [];
  let rest = body;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const [, size] =
      /^([0-9a-f]+)(;.*)?$/.exec(rest.subarray(0, Math.max(end, 0)).toString()) ?? [];
    if (size === undefined) return parts.length === 0 ? body : Buffer.concat(parts);
    const bytes = Number.parseInt(size, 16);
    if (bytes === 0) return Buffer.concat(parts);
    parts.push(rest.subarray(end + 2, end + 2 + bytes));
    rest = rest.subarray(end + 2 + bytes + 2);
  }
};

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  operation: string,
  answered: Answer | Refusal,
): void => {
  const isXml = /^(DescribeStacks|ListStackResources|GetCallerIdentity)$|Object/.test(operation);
  if ('status' in answered) {
    const { name, message, status } = answered;
    response.statusCode = status;
    if (isXml) {
      const error = `<Error><Code>${name}</Code><Message>${message}</Message></Error>`;
      response.setHeader('content-type', 'text/xml');
      response.end(
        operation.includes('Object') ? error : `<ErrorResponse>${error}</ErrorResponse>`,
      );
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.setHeader('x-amzn-errortype', name);
    response.end(JSON.stringify({ __type: name, message, Message: message }));
    return;
  }
  if ('bytes' in answered) {
    response.end(request.method === 'HEAD' ? undefined : answered.bytes);
    return;
  }
  if ('xml' in answered) {
    response.setHeader('content-type', 'text/xml');
    response.end(
      operation === 'ListObjectsV2'
        ? `<ListBucketResult>${answered.xml}</ListBucketResult>`
        : `<${operation}Response><${operation}Result>${answered.xml}</${operation}Result></${operation}Response>`,
    );
    return;
  }
  for (const [name, value] of Object.entries(answered.headers ?? {}))
    response.setHeader(name, value);
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.end(JSON.stringify(answered.json));
};

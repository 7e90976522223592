import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
// CDK uploads these files as the framework's function; the package does not export them.
const runtime = join(
  dirname(require.resolve('aws-cdk-lib/package.json')),
  'custom-resources/lib/provider-framework/runtime',
);

/** An answer to CloudFormation. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly Data?: Readonly<Record<string, string>>;
  /** The bytes of the whole answer; CloudFormation accepts 4,096. */
  readonly bytes: number;
}

/**
 * Puts CDK's own provider framework in front of a function, as in a deploy. Its calls of AWS are replaced: the function is called
 * as by Lambda, with an error's name, message and stack as Lambda's runtime gives them, and the answer is kept instead of sent.
 */
export const providerFramework = (onEvent: (event: never) => Promise<unknown>) => {
  const answers: Answer[] = [];
  const outbound = {
    async invokeFunction({ Payload }: { readonly Payload: string }) {
      try {
        return { Payload: JSON.stringify(await onEvent(JSON.parse(Payload) as never)) };
      } catch (thrown) {
        const { name, message, stack = '' } = thrown as Error;
        const error = { errorType: name, errorMessage: message, trace: stack.split('\n') };
        return { FunctionError: 'Unhandled', Payload: JSON.stringify(error) };
      }
    },
    async httpRequest(_options: unknown, body: string) {
      answers.push({ ...JSON.parse(body), bytes: Buffer.byteLength(body) });
    },
  };
  const files = ['outbound', 'util', 'cfn-response', 'framework'].map((name) =>
    join(runtime, `${name}.js`),
  );
  const [outboundFile = '', utilFile = '', , frameworkFile = ''] = files;
  for (const file of files) delete require.cache[file];
  const replaced = { exports: outbound, loaded: true } as unknown as NodeJS.Module;
  require.cache[outboundFile] = replaced;
  // The framework would write every event into the log.
  require(utilFile).log = () => {};
  process.env['USER_ON_EVENT_FUNCTION_ARN'] =
    `arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:${'f'.repeat(64)}`;
  const { onEvent: handle } = require(frameworkFile);

  /** Sends one request of CloudFormation with the longest allowed names; gives the answer. */
  return async (event: object): Promise<Answer> => {
    await handle({
      StackId: `arn:aws-us-gov:cloudformation:us-gov-west-1:111122223333:stack/${'s'.repeat(128)}/${crypto.randomUUID()}`,
      RequestId: crypto.randomUUID(),
      LogicalResourceId: 'L'.repeat(255),
      ResponseURL: 'https://answers.invalid/',
      ...event,
    });
    const answer = answers.pop();
    if (answer === undefined) throw new Error('the framework has answered nothing');
    return answer;
  };
};

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
// Not exported by the package: CDK uploads these files as the framework's function.
const runtime = join(
  dirname(require.resolve('aws-cdk-lib/package.json')),
  'custom-resources/lib/provider-framework/runtime',
);

/** What CloudFormation is answered. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly Data?: Readonly<Record<string, string>>;
  /** Bytes of the whole answer; CloudFormation takes 4,096. */
  readonly bytes: number;
}

/**
 * CDK's own provider framework in front of a function, as it stands in front of the deployed one. What it calls of AWS is
 * given here: the function is called as Lambda would, with an error's name, message and stack as Lambda's runtime answers
 * them, and the answer is kept instead of sent.
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
  // It writes every event into its log.
  require(utilFile).log = () => {};
  process.env['USER_ON_EVENT_FUNCTION_ARN'] =
    `arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:${'f'.repeat(64)}`;
  const { onEvent: handle } = require(frameworkFile);

  /** One request of CloudFormation, with names as long as it allows, and the answer. */
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

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { OperateAnswer, OperateEvent } from '../../functions/operate/protocol.ts';
import type { Stack } from '../target/stack.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { askAws } from './ask-aws.ts';

/**
 * Calls the function that runs operations, and waits for its answer.
 * @throws {UserFacingError} where it may not be called, or fails.
 */
export const invokeOperate = (
  { region, operate }: Stack,
  event: OperateEvent,
  signal: AbortSignal,
): Promise<OperateAnswer> => {
  const name = operate?.functionName ?? '';
  return askAws(
    {
      what: `an answer of the function ${name}`,
      action: 'lambda:InvokeFunction',
      missing: () =>
        `There is no function ${name}: it was deleted by hand, and a deploy makes it again.`,
    },
    async () => {
      // A call whose answer was lost may have written already: it is not made again behind the caller's back.
      const lambda = new LambdaClient({ region, maxAttempts: 1 });
      try {
        const { FunctionError, Payload } = await lambda.send(
          new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
          { abortSignal: signal },
        );
        const answer = JSON.parse(Buffer.from(Payload ?? []).toString());
        if (FunctionError === undefined) return answer as OperateAnswer;
        throw new UserFacingError(
          `The function ${name} has failed (${answer.errorType}: ${answer.errorMessage}). Its log says more: aws logs tail --region ${region} ` +
            `--since 1h $(aws lambda get-function-configuration --region ${region} --function-name ${name} --query LoggingConfig.LogGroup --output text)`,
        );
      } finally {
        lambda.destroy();
      }
    },
  );
};

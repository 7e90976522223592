import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { askAws } from './ask-aws.ts';

/** Whose credentials are used. */
interface Identity {
  readonly arn: string;
  readonly account: string;
}

/** Asks AWS whose credentials are used. Every credentials may ask it. @throws {UserFacingError} where there are none. */
export const callerIdentity = async (region: string): Promise<Identity> => {
  const client = new STSClient({ region });
  try {
    const { Arn = '', Account = '' } = await askAws(
      { what: 'whose credentials they are', action: 'sts:GetCallerIdentity' },
      () => client.send(new GetCallerIdentityCommand({})),
    );
    return { arn: Arn, account: Account };
  } finally {
    client.destroy();
  }
};

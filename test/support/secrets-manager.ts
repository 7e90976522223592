import { RawAnswer, startAwsService } from './aws-service.ts';

export interface SecretsManager extends AsyncDisposable {
  readonly endpoint: string;
  /** How often each secret was asked for. */
  readonly requests: ReadonlyMap<string, number>;
}

/**
 * Answers GetSecretValue as AWS does.
 * @param secrets by name; may change while it runs. In place of one, the whole answer.
 */
export const startSecretsManager = async (
  secrets: Readonly<Record<string, string | RawAnswer>>,
): Promise<SecretsManager> => {
  const requests = new Map<string, number>();
  const service = await startAwsService(({ SecretId = '' }) => {
    requests.set(SecretId, (requests.get(SecretId) ?? 0) + 1);
    const secret = secrets[SecretId];
    if (secret instanceof RawAnswer) return secret;
    return secret === undefined
      ? { error: 'ResourceNotFoundException', status: 400 }
      : { Name: SecretId, SecretString: secret };
  });
  return { ...service, requests };
};

import { RawAnswer, startAwsService } from './aws-service.ts';

export interface SecretsManager extends AsyncDisposable {
  readonly endpoint: string;
  /** The number of requests for each secret. */
  readonly requests: ReadonlyMap<string, number>;
}

/**
 * Starts a service that answers GetSecretValue as AWS does.
 * @param secrets the secrets by name, or a whole answer in place of one. They may change while the service runs.
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

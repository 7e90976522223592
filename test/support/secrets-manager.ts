import { startAwsService } from './aws-service.ts';

export interface SecretsManager extends AsyncDisposable {
  readonly endpoint: string;
  /** How often each secret was asked for. */
  readonly requests: ReadonlyMap<string, number>;
}

/**
 * Answers GetSecretValue as AWS does.
 * @param secrets may change while it runs.
 */
export const startSecretsManager = async (
  secrets: Readonly<Record<string, string>>,
): Promise<SecretsManager> => {
  const requests = new Map<string, number>();
  const service = await startAwsService(({ SecretId = '' }) => {
    requests.set(SecretId, (requests.get(SecretId) ?? 0) + 1);
    const secret = secrets[SecretId];
    return secret === undefined
      ? { error: 'ResourceNotFoundException', status: 400 }
      : { Name: SecretId, SecretString: secret };
  });
  return { ...service, requests };
};

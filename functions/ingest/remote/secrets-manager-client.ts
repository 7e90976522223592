// A file of its own, so that it is loaded where it is needed. Imported on demand from the package itself, the bundle has its
// exports in `default` alone, and no class of it can be constructed (test/integration/secrecy.test.ts).
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

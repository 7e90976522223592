// This file is imported on demand in place of the package. Imported directly, the bundled package has its exports in `default`
// alone, and no class of it can be constructed (test/integration/secrecy.test.ts).
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

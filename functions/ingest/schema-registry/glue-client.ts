// This file is imported on demand. It names its exports, so that the bundle does not hold all of Glue.
export { GetSchemaVersionCommand, GlueClient } from '@aws-sdk/client-glue';

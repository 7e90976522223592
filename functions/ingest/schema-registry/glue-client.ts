// A file of its own, so that it is loaded where it is needed and bundled with what is named here, not with all of Glue.
export { GetSchemaVersionCommand, GlueClient } from '@aws-sdk/client-glue';

import { startAwsService } from './aws-service.ts';

/** Starts a service that answers GetSchemaVersion as Glue does. `requests` lists the uuids of the requests. */
export const startGlue = async (
  versions: Readonly<Record<string, { readonly definition: string; readonly format: string }>>,
) => {
  const requests: string[] = [];
  const service = await startAwsService(({ SchemaVersionId = '' }) => {
    requests.push(SchemaVersionId);
    const version = versions[SchemaVersionId];
    return version === undefined
      ? { error: 'EntityNotFoundException', status: 400 }
      : {
          SchemaVersionId,
          SchemaDefinition: version.definition,
          DataFormat: version.format,
          Status: 'AVAILABLE',
        };
  });
  return { ...service, requests };
};

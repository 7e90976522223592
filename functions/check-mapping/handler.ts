import { checkChange, type FixedSettings, mappingName } from './mapping-change.ts';

/** What CDK's provider framework hands on of CloudFormation's request for `Custom::KafkaMappingCheck` (infra/mapping-check.ts). */
export interface CheckEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: FixedSettings;
  readonly OldResourceProperties?: FixedSettings;
}

/**
 * Lets a deploy go on, or fails it before anything is changed, where it would change what AWS cannot change of a mapping.
 * It asks nobody and makes nothing.
 * @throws {MappingChangeError} with what to do.
 */
export const handler = async ({
  RequestType,
  PhysicalResourceId,
  ResourceProperties,
  OldResourceProperties,
}: CheckEvent): Promise<{ PhysicalResourceId: string }> => {
  if (PhysicalResourceId === undefined)
    return { PhysicalResourceId: mappingName(ResourceProperties) };
  // When the resource goes, its id must stay what it was.
  if (RequestType === 'Delete') return { PhysicalResourceId };
  checkChange(PhysicalResourceId, OldResourceProperties ?? ResourceProperties, ResourceProperties);
  return { PhysicalResourceId: mappingName(ResourceProperties) };
};

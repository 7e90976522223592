import { checkChange, type FixedSettings, mappingName } from './mapping-change.ts';

/**
 * The request for `Custom::KafkaMappingCheck` (infra/mapping-check.ts), which CDK's provider framework passes on from
 * CloudFormation.
 */
export interface CheckEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: FixedSettings;
  readonly OldResourceProperties?: FixedSettings;
}

/**
 * Fails a deploy before anything is changed, where it would change a setting of a mapping that AWS cannot change. It makes no
 * requests and no resources.
 * @throws {MappingChangeError} with the remedy.
 */
export const handler = async ({
  RequestType,
  PhysicalResourceId,
  ResourceProperties,
  OldResourceProperties,
}: CheckEvent): Promise<{ PhysicalResourceId: string }> => {
  if (PhysicalResourceId === undefined)
    return { PhysicalResourceId: mappingName(ResourceProperties) };
  // A resource that is deleted must keep its id.
  if (RequestType === 'Delete') return { PhysicalResourceId };
  checkChange(PhysicalResourceId, OldResourceProperties ?? ResourceProperties, ResourceProperties);
  return { PhysicalResourceId: mappingName(ResourceProperties) };
};

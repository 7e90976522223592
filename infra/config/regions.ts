import { Aws } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';

/**
 * Finds the partition of a region, such as `aws`, `aws-cn`, `aws-us-gov` or `aws-eusc`, in CDK's list of regions;
 * undefined for a region that is not in the list.
 */
export const partitionOf = (region: string): string | undefined => RegionInfo.get(region).partition;

/**
 * Finds the domain of a region's services: `amazonaws.com`, in China `amazonaws.com.cn`, in the European Sovereign Cloud
 * `amazonaws.eu`. For a region that is known only at the deploy, or is not in CDK's list, it is a token that CloudFormation fills in.
 */
export const domainOf = (region: string): string =>
  RegionInfo.get(region).domainSuffix ?? Aws.URL_SUFFIX;

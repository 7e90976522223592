/** The resources of a deployed stage, as the outputs of its stack name them. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly functionName: string;
  readonly logGroupName: string;
  /** The UUID of the event source mapping. */
  readonly mappingId: string;
  /** The bucket's name, the queue's address, or `kafka://<topic>`; null without an on-failure destination. */
  readonly onFailure: string | null;
  /** The version and the commit that were deployed. */
  readonly version: string;
  /** The function that runs operations, and the bucket of its files; null where the stage has none. */
  readonly operate: { readonly functionName: string; readonly bucketName: string } | null;
}

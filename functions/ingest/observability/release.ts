/** What runs: in every log line, so that a line can be traced to its source. */
export interface Release {
  /** The version of the code, as in package.json; `unknown` outside a bundle. */
  readonly version: string;
  /** The commit that the function was deployed from; `unknown` where nobody has said it. */
  readonly commit: string;
}

/** The version of package.json. `infra/bundling.ts` puts it in; outside a bundle there is no such variable. */
declare const BUNDLED_VERSION: string;

/** Reads what runs. @param environment has `COMMIT`, which the deployment sets. */
export const releaseOf = (environment: Readonly<Record<string, string | undefined>>): Release => ({
  version: typeof BUNDLED_VERSION === 'undefined' ? 'unknown' : BUNDLED_VERSION,
  commit: environment['COMMIT'] || 'unknown',
});

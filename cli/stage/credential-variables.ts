/** Credentials of AWS, as its SDK gives them. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/**
 * Gives credentials as the variables that the function's own code reads, as on Lambda. A variable that is read asks for the credentials
 * again behind it, so that those that have expired are replaced for the next reader.
 * @param provide gives the credentials that are valid; it keeps them while they are.
 */
export const credentialVariables = async (
  provide: () => Promise<Credentials>,
): Promise<Readonly<Record<string, string | undefined>>> => {
  let known = await provide();
  const current = (): Credentials => {
    provide().then(
      (renewed) => {
        known = renewed;
      },
      // The reader is refused by AWS then, and its message says so.
      () => {},
    );
    return known;
  };
  return {
    get AWS_ACCESS_KEY_ID() {
      return current().accessKeyId;
    },
    get AWS_SECRET_ACCESS_KEY() {
      return current().secretAccessKey;
    },
    get AWS_SESSION_TOKEN() {
      return current().sessionToken;
    },
  };
};

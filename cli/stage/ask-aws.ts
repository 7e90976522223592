import { UserFacingError } from '../terminal/user-facing-error.ts';

/** A question to AWS, for the message when it fails. */
interface Question {
  /** The words for what is asked for: `the stack user-events-prod`. */
  readonly what: string;
  /** The action that the credentials must allow: `cloudformation:DescribeStacks`. */
  readonly action: string;
  /** Tells what it means that there is no such thing. */
  readonly missing?: (() => Promise<string> | string) | undefined;
}

const missingNames = /NotFound|NoSuch|^ValidationError$/;
const deniedNames = /AccessDenied|Forbidden|NotAuthorized|Unauthorized/;
const expiredNames = /Expired/;
const wrongNames =
  /InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|AuthFailure/;
const withoutNames = /CredentialsProviderError|TokenProviderError|CredentialsError/;
const unreachedCodes =
  /^E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|HOSTUNREACH|NETUNREACH)$/;

/** Asks AWS. @throws {UserFacingError} that names what was asked for and says what to do. */
export const askAws = async <T>(question: Question, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(await sentenceOf(question, error), { cause: error });
  }
};

const sentenceOf = async ({ what, action, missing }: Question, error: unknown): Promise<string> => {
  const { name = '', message = '', code = '' } = Object(error) as Record<string, string>;
  const said = `${name}: ${message}`;
  if (withoutNames.test(name))
    return `No credentials of AWS are found, to ask for ${what}. Set AWS_PROFILE (after aws sso login, if it is one of SSO), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. (${message})`;
  if (/Region is missing/.test(message))
    return `No region is known, to ask for ${what}. Name it by --region, by AWS_REGION, or in the stage.`;
  if (expiredNames.test(name))
    return `The credentials of AWS have expired (${said}). Log in again: aws sso login, or whatever has made them.`;
  if (wrongNames.test(name))
    return `AWS does not know the credentials that it was asked with for ${what} (${said}). Are AWS_PROFILE or AWS_ACCESS_KEY_ID right, and is the clock?`;
  if (deniedNames.test(name))
    return `The credentials may not reach ${what}: they need ${action} (${said}).`;
  if (missing !== undefined && missingNames.test(name)) return missing();
  if (unreachedCodes.test(code) || name === 'TimeoutError')
    return `AWS is not reached, to ask for ${what} (${code || name}). Does this machine reach the internet, and is the region right?`;
  return `AWS does not give ${what} (${said}).`;
};

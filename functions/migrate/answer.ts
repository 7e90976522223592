/**
 * Bytes of JSON that a message may have. CloudFormation takes an answer of 4,096 bytes; CDK's framework adds the stack's and the
 * resource's names, and the name of a log, which are 800 bytes at most (test/unit/migrate/answer.test.ts).
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
const mostBytes = 3_000;
const mostOfLine = 600;

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** Cuts a text to so many bytes of JSON, with `…` for what is left out. */
const cut = (text: string, most: number): string => {
  if (bytesOf(text) <= most) return text;
  let short = text.slice(0, most);
  while (bytesOf(short) > most - 3) short = short.slice(0, -1 - Math.floor(short.length / 20));
  // Half a character of two units would be six bytes of an escape.
  return `${short.replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/**
 * Shortens a message to what CloudFormation takes: whole lines as long as they fit, and the number of those that do not.
 * @param where the place that has the whole message.
 */
export const shortened = (message: string, where: string): string => {
  const lines = message.split('\n').map((line) => cut(line, mostOfLine));
  const all = lines.join('\n');
  if (all === message && bytesOf(all) <= mostBytes) return all;
  const rest = (left: number): string =>
    left === 0 ? `The whole message is in ${where}` : `… and ${left} more lines, in ${where}`;
  let kept = lines.length;
  const text = (): string => [...lines.slice(0, kept), rest(lines.length - kept)].join('\n');
  while (kept > 1 && bytesOf(text()) > mostBytes) kept -= 1;
  return text();
};

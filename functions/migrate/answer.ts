/**
 * The most bytes of JSON in a message. CloudFormation accepts an answer of 4,096 bytes. CDK's framework adds the names of the
 * stack, the resource and a log, which have at most 800 bytes (test/unit/migrate/answer.test.ts).
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
const mostBytes = 3_000;
const mostOfLine = 600;

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** Truncates a text to some bytes of JSON, with `…` in place of the rest. */
const truncate = (text: string, most: number): string => {
  if (bytesOf(text) <= most) return text;
  let short = text.slice(0, most);
  while (bytesOf(short) > most - 3) short = short.slice(0, -1 - Math.floor(short.length / 20));
  // Half a character of two units would be an escape of six bytes.
  return `${short.replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/**
 * Shortens a message to CloudFormation's limit: the first whole lines, and the number of lines left out.
 * @param where the place that has the whole message.
 */
export const shorten = (message: string, where: string): string => {
  const lines = message.split('\n').map((line) => truncate(line, mostOfLine));
  const all = lines.join('\n');
  if (all === message && bytesOf(all) <= mostBytes) return all;
  const rest = (left: number): string =>
    left === 0 ? `The whole message is in ${where}` : `… and ${left} more lines, in ${where}`;
  let kept = lines.length;
  const text = (): string => [...lines.slice(0, kept), rest(lines.length - kept)].join('\n');
  while (kept > 1 && bytesOf(text()) > mostBytes) kept -= 1;
  return text();
};

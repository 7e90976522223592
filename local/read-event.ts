import { readFile } from 'node:fs/promises';
import { printable } from '../cli/terminal/printable.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';

/** The contents of a file: a saved Kafka event, or the bytes of one record's value. */
export type SavedFile =
  | { readonly kind: 'event'; readonly event: unknown }
  | { readonly kind: 'value'; readonly bytes: Buffer };

/**
 * Reads a file. An event may be as Lambda sends it, or in the object that the event source mapping has written to the bucket of its
 * on-failure destination.
 * @throws {UserFacingError} where the file cannot be read, is empty, is JSON that is cut off or wrong, or is an on-failure notice without
 * its records.
 */
export const readSavedFile = async (path: string): Promise<SavedFile> => {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserFacingError(
      `${path} cannot be read (${error.code}). events/README.md lists the saved events.`,
    );
  });
  if (bytes.length === 0) throw new UserFacingError(`${path} is empty.`);
  const text = bytes.toString();
  if (!/^\s*[{[]/.test(text)) return { kind: 'value', bytes };
  const parsed = parse(path, text);
  if (parsed === undefined) return { kind: 'value', bytes };
  const { eventSource, records, payload, KafkaBatchInfo } = Object(parsed);
  if (typeof payload === 'string')
    return { kind: 'event', event: parse(`the payload of ${path}`, payload) };
  if (KafkaBatchInfo !== undefined)
    throw new UserFacingError(
      `${path} is the notice of an on-failure destination without the records: only a bucket keeps them. It names their ` +
        `partitions and offsets: ${JSON.stringify(KafkaBatchInfo.recordsInfo)}`,
    );
  return eventSource === undefined && records === undefined
    ? { kind: 'value', bytes }
    : { kind: 'event', event: parsed };
};

/**
 * Parses JSON; gives undefined for bytes that only begin like it.
 * @throws {UserFacingError} where a text that looks like JSON is cut off, or has a mistake.
 */
const parse = (what: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/^\s*(\{\s*("|$)|\[\s*([{["\d-]|$))/.test(text)) return undefined;
    const { message } = error as SyntaxError;
    const position = /at position (\d+)/.exec(message)?.[1];
    const at = position === undefined ? null : Number(position);
    if (at === text.length || /end of JSON input/.test(message))
      throw new UserFacingError(
        `${what} looks like JSON that is cut off at byte ${Buffer.byteLength(text)}.`,
      );
    // V8 names a place, or shows what stands there.
    throw new UserFacingError(`${what} looks like JSON with a mistake: ${printable(message)}`);
  }
};

import { UserFacingError } from '../terminal/user-facing-error.ts';

/** The place of a record. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Reads the place of a record: `<topic>/<partition>/<offset>`. @throws {UserFacingError} for another text. */
export const readRecordPlace = (text: string): RecordPlace => {
  const [, topic, partition = '', offset = ''] =
    /^([a-zA-Z0-9._-]{1,249})\/(\d{1,9})\/(\d{1,19})$/.exec(text) ?? [];
  if (topic === undefined)
    throw new UserFacingError(
      `A record is named <topic>/<partition>/<offset>, such as user-events/0/1234 (given "${text}").`,
    );
  return { topic, partition: Number(partition), offset: BigInt(offset) };
};

import type { Admin } from '@platformatic/kafka';
import { committedOffsets } from '../kafka/committed-offsets.ts';
import { groupMembers } from '../kafka/group-members.ts';

/** Where a consumer group stands in a topic. */
export interface GroupState {
  /** The offset of the record that the group reads next, by partition; absent where it has committed none. */
  readonly committed: ReadonlyMap<number, bigint>;
  /** The number of clients that are in the group. */
  readonly members: number;
}

/** Asks the brokers where a group stands in a topic. */
export const groupState = async (
  admin: Admin,
  group: string,
  topic: string,
): Promise<GroupState> => {
  const committed = await committedOffsets(admin, group, topic);
  return { committed, members: await groupMembers(admin, group) };
};

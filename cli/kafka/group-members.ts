import type { Admin } from '@platformatic/kafka';

/** Counts the members of a consumer group: those who read now. */
export const groupMembers = async (admin: Admin, group: string): Promise<number> => {
  const groups = await admin.describeGroups({ groups: [group] });
  return groups.get(group)?.members.size ?? 0;
};

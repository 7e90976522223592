/** The names of the stages, on which rounds are played by different rules. */
export const stageNames = ['one', 'members', 'poison', 'three', 'simulacron'] as const;
export type StageName = (typeof stageNames)[number];

/** The kinds of inputs, one for each law, and their shares of a run. */
export const shares = { values: 0.5, framed: 0.3, events: 0.2 };

export type LawName = keyof typeof shares;
export const lawNames = Object.keys(shares) as readonly LawName[];

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
  { name: 'ms', ms: 1 },
] as const;

/** Writes a duration for people, in its two largest units: `57 min 51 s`, `3 s`, `850 ms`. Smaller parts are left out. */
export const duration = (milliseconds: number): string => {
  const first = units.findIndex(({ ms }) => milliseconds >= ms);
  const [unit, next] = [units[first], units[first + 1]];
  if (unit === undefined) return '0 ms';
  const rest = Math.floor((milliseconds % unit.ms) / (next?.ms ?? 1));
  return next === undefined || next.name === 'ms' || rest === 0
    ? `${Math.floor(milliseconds / unit.ms)} ${unit.name}`
    : `${Math.floor(milliseconds / unit.ms)} ${unit.name} ${rest} ${next.name}`;
};

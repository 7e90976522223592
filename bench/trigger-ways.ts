/** The ways of reading: a loop without a trigger, the trigger with a function that costs nothing, and with one in a process. */
export const ways = {
  loop: 'a consumer loop',
  trigger: 'the trigger, its function left out',
  function: 'the trigger, with a function that does nothing',
} as const;
export type Way = keyof typeof ways;

/** The measurements of a way, from the first connection on. */
export interface Took {
  readonly seconds: number;
  /** The CPU seconds of this process; those of the function's are its own. */
  readonly cpuSeconds: number;
  /** The largest resident set, in MB. */
  readonly memoryMb: number;
}

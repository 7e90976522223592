import { InvalidArgumentError } from 'commander';
import { timeOption } from '../terminal/time-option.ts';

/** Where a replay begins: at an offset, or at the first record that is not older than a time, in milliseconds. */
export type From = { readonly offset: bigint } | { readonly time: number };

/** Reads where a replay begins: digits alone are an offset. */
export const fromOption = (text: string): From => {
  if (/^\d{1,19}$/.test(text)) return { offset: BigInt(text) };
  let time: number;
  try {
    time = timeOption(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) error.message += ' Digits alone are an offset.';
    throw error;
  }
  // Kafka takes negative timestamps for its oldest and newest record.
  if (time < 0) throw new InvalidArgumentError('It must be a time from 1970 on.');
  return { time };
};

import { count } from '../../terminal/words.ts';

/** Removes failed batches of which nothing is left to be done. */
export interface Removal {
  /** Removes a batch; its name is for what could not be removed. */
  readonly remove: (name: string, remove: () => Promise<unknown>) => void;
  /** Waits for what is under way, and says what was removed, and what stays. */
  readonly end: () => Promise<string>;
}

/**
 * Makes the removal of a folder or a bucket.
 * @param place names it, for messages.
 * @param removes false where everything stays.
 * @param unread learns, as a sentence, what could not be removed.
 */
export const removalFrom = (
  { place, removes }: { readonly place: string; readonly removes: boolean },
  unread: string[],
): Removal => {
  const underWay: Promise<void>[] = [];
  let removed = 0;
  return {
    remove(name, remove) {
      if (!removes) return;
      underWay.push(
        remove().then(
          () => {
            removed += 1;
          },
          (error: Error) => {
            unread.push(`${name} could not be removed (${error.name}: ${error.message})`);
          },
        ),
      );
    },
    async end() {
      await Promise.all(underWay);
      return removes
        ? `${count(removed, 'batch was', 'batches were')} removed from ${place}, for nothing is left to be done about their records. The others stay.`
        : `The batches in ${place} stay. Once \`verify\` agrees, the same command with --remove removes them.`;
    },
  };
};

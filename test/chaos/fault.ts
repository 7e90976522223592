import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../local/dataset/random.ts';
import type { World } from './world.ts';

/** What a fault is injected into: the world under load, what else there is of the stage, and choices by the seed. */
export interface Scene {
  readonly world: World;
  readonly random: Random;
  /** Whether each fault is as short as it can be. */
  readonly short: boolean;
}

export interface Fault<S extends Scene> {
  readonly kind: string;
  /**
   * Begins it, holds it and ends it.
   * @returns what was not as it must be while it lasted; the tables are compared later.
   */
  readonly inject: (scene: S) => Promise<readonly string[]>;
}

/** A fault of which nothing is to be said but what the tables say. */
export const fault = <S extends Scene>(
  kind: string,
  inject: (scene: S) => Promise<void>,
): Fault<S> => ({
  kind,
  inject: async (scene) => {
    await inject(scene);
    return [];
  },
});

/** Holds a fault for `shortest` seconds where all are short, else for some between `least` and `longest`. */
export const lasting = (
  { random, short }: Scene,
  shortest: number,
  longest: number,
  least = shortest,
): Promise<void> => delay(short ? shortest * 1000 : random.between(least * 1000, longest * 1000));

/** A moment within an invocation, which takes some tens of milliseconds. */
export const withinInvocation = async ({ world, random }: Scene): Promise<void> => {
  await world.invocation();
  await delay(random.between(0, 40));
};

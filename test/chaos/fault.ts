import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../local/dataset/random.ts';
import type { World } from './world.ts';

/** The scene of a fault: the world under load, and random choices by the seed. Stages add their own parts. */
export interface Scene {
  readonly world: World;
  readonly random: Random;
  /** Whether each fault is as short as possible. */
  readonly short: boolean;
}

export interface Fault<S extends Scene> {
  readonly kind: string;
  /**
   * Begins the fault, holds it and ends it.
   * @returns the violations seen meanwhile; the tables are compared later.
   */
  readonly inject: (scene: S) => Promise<readonly string[]>;
}

/** Makes a fault that is judged by the tables alone. */
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

/** Holds a fault for `shortest` seconds in a short chaos, else for a random time from `least` to `longest`. */
export const lasting = (
  { random, short }: Scene,
  shortest: number,
  longest: number,
  least = shortest,
): Promise<void> => delay(short ? shortest * 1000 : random.between(least * 1000, longest * 1000));

/** Waits for a random moment within an invocation, which takes some tens of milliseconds. */
export const withinInvocation = async ({ world, random }: Scene): Promise<void> => {
  await world.invocation();
  await delay(random.between(0, 40));
};

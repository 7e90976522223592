import { setTimeout as delay } from 'node:timers/promises';
import { fault, lasting, type Scene, withinInvocation } from '../fault.ts';
import type { OneNodeScene } from '../scenes.ts';
import type { Member, World } from '../world.ts';

export const restarted = fault<OneNodeScene>('broker killed and restarted', async (scene) => {
  await withinInvocation(scene);
  await scene.kafka.process.kill();
  await lasting(scene, 0, 5);
  await scene.kafka.process.restart();
});

const until = async (condition: () => boolean, seconds: number, what: string): Promise<void> => {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} within ${seconds} s`);
    await delay(20);
  }
};

const hasJoined = (member: Member, { mapping }: World): Promise<void> =>
  until(
    () => member.mapping.partitions().length > 0 && mapping.partitions().length > 0,
    60,
    'the group did not share its partitions',
  );

/** A zombie: the second member reads the records that the first has in flight, and the first goes on when they are handled. */
export const zombie = fault<Scene>('rebalance with a batch in flight', async (scene) => {
  const { world } = scene;
  await withinInvocation(scene);
  world.ingest.pause();
  {
    await using member = await world.join();
    await hasJoined(member, world);
    const handled = member.mapping.counts().invocations;
    await until(
      () => member.mapping.counts().invocations > handled + 2,
      60,
      'the new member handled nothing',
    );
    world.ingest.resume();
    await lasting(scene, 1, 8);
  }
});

/** Members that join and leave under load. */
export const crowded = fault<Scene>('members join and leave', async (scene) => {
  const { world } = scene;
  for (let joins = 0; joins < 2; joins += 1) {
    await withinInvocation(scene);
    await using member = await world.join();
    await hasJoined(member, world);
    await withinInvocation(scene);
    if (joins === 0) member.ingest.kill();
  }
});

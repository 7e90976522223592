import type { FaultKind } from 'local-kafka-trigger';
import { handleBatches, sharePartitions } from 'local-kafka-trigger/faults/rebalance.ts';
import { type Fault, fault, lasting, type Scene, withinInvocation } from '../fault.ts';
import type { OneNodeScene } from '../scenes.ts';

export const restarted = fault<OneNodeScene>('broker killed and restarted', async (scene) => {
  await withinInvocation(scene);
  await scene.kafka.process.kill();
  await lasting(scene, 0, 5);
  await scene.kafka.process.restart();
});

/** A zombie: the second member reads the records that the first has in flight, and the first goes on when they are handled. */
export const zombie = fault<Scene>('rebalance with a batch in flight', async (scene) => {
  const { world } = scene;
  await withinInvocation(scene);
  world.mapping.function.pause();
  {
    await using member = await world.join();
    await sharePartitions(member, world.mapping);
    await handleBatches(member, 3);
    world.mapping.function.resume();
    await lasting(scene, 1, 8);
  }
});

/** Members that join and leave under load. */
export const crowded = fault<Scene>('members join and leave', async (scene) => {
  const { world } = scene;
  for (let joins = 0; joins < 2; joins += 1) {
    await withinInvocation(scene);
    await using member = await world.join();
    await sharePartitions(member, world.mapping);
    await withinInvocation(scene);
    if (joins === 0) member.function.kill();
  }
});

/** A fault of the poller that strikes one invocation: the mapping's own. */
const ofPoller = (name: string, kind: FaultKind): Fault<Scene> =>
  fault(name, ({ world }) => world.mapping.inject(kind));

export const responseLost = ofPoller('response of a success lost', 'lost-response');
export const commitLost = ofPoller('commit of a success lost', 'lost-commit');
export const duplicated = ofPoller('poller crashed after a success', 'crash-after-success');

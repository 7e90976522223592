import { fault, lasting, type Scene, withinInvocation } from '../fault.ts';
import type { OneNodeScene } from '../scenes.ts';

export const killed = fault<Scene>('function killed, three times', async (scene) => {
  for (let kills = 0; kills < 3; kills += 1) {
    await withinInvocation(scene);
    scene.world.mapping.function.kill();
  }
});

/** Loses the connections of a frozen function, as a network device does: silently, or with a reset to both ends. */
const loseConnections = ({ proxy, random }: OneNodeScene): void => {
  if (random.chance(5_000)) proxy.blackHole();
  else proxy.reset();
};

export const frozen = fault<OneNodeScene>('function frozen between invocations', async (scene) => {
  const { world, proxy } = scene;
  await world.hold();
  loseConnections(scene);
  await lasting(scene, 4, 240, 90);
  proxy.pass();
  world.release();
});

export const frozenWithin = fault<OneNodeScene>(
  'function frozen in an invocation',
  async (scene) => {
    await withinInvocation(scene);
    scene.world.mapping.function.pause();
    loseConnections(scene);
    await lasting(scene, 3, 30);
    scene.proxy.pass();
    scene.world.mapping.function.resume();
  },
);

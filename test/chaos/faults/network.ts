import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, fault, lasting, withinInvocation } from '../fault.ts';
import type { OneNodeScene } from '../scenes.ts';

const cut = fault<OneNodeScene>('connections cut, five times', async (scene) => {
  for (let cuts = 0; cuts < 5; cuts += 1) {
    await withinInvocation(scene);
    scene.proxy.reset();
  }
});

const dead = fault<OneNodeScene>('connections dead', async (scene) => {
  await withinInvocation(scene);
  scene.proxy.blackHole();
  await lasting(scene, 3, 15);
  scene.proxy.pass();
});

const slow = fault<OneNodeScene>('answers slow', async (scene) => {
  const { proxy, random } = scene;
  proxy.delay(random.between(100, 1_500));
  await lasting(scene, 3, 10);
  proxy.pass();
  await delay(0);
});

export const networkFaults: readonly Fault<OneNodeScene>[] = [cut, dead, slow];

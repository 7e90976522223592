import { setTimeout as delay } from 'node:timers/promises';
import { fault, lasting, withinInvocation } from '../fault.ts';
import type { OneNodeScene } from '../scenes.ts';

export const cut = fault<OneNodeScene>('connections cut, five times', async (scene) => {
  for (let cuts = 0; cuts < 5; cuts += 1) {
    await withinInvocation(scene);
    scene.proxy.reset();
  }
});

export const dead = fault<OneNodeScene>('connections dead', async (scene) => {
  await withinInvocation(scene);
  scene.proxy.blackHole();
  await lasting(scene, 3, 15);
  scene.proxy.pass();
});

export const slow = fault<OneNodeScene>('answers slow', async (scene) => {
  const { proxy, random } = scene;
  proxy.delay(random.between(100, 1_500));
  await lasting(scene, 3, 10);
  proxy.pass();
  await delay(0);
});

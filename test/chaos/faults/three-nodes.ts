import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from '../../../local/servers/server-process.ts';
import { type Fault, lasting, withinInvocation } from '../fault.ts';
import { evictPrepared } from '../prepared.ts';
import type { ThreeNodesScene } from '../scenes.ts';

/** Makes a fault of one node. The other two form a quorum, so the function deals with it, and no invocation may fail. */
const oneLost = (
  kind: string,
  lose: (node: ServerProcess, scene: ThreeNodesScene) => Promise<void>,
): Fault<ThreeNodesScene> => ({
  kind,
  inject: async (scene) => {
    const { world, random, cluster } = scene;
    const before = world.reports.length;
    await withinInvocation(scene);
    await lose(cluster.nodes[random.between(0, 2) as 0 | 1 | 2], scene);
    await world.caughtUp();
    const failed = world.reports
      .slice(before)
      .filter(({ report }) => report.judgement.kind !== 'success');
    return failed.length === 0 ? [] : [`${failed.length} invocations failed: none may`];
  },
});

const oneKilled = oneLost('one node of three killed and restarted', async (node, scene) => {
  await node.kill();
  await lasting(scene, 2, 10);
  await node.restart();
});

const oneStopped = oneLost('one node of three stopped', async (node, scene) => {
  node.pause();
  await lasting(scene, 3, 15);
  node.resume();
});

/** A node that is restarted without its prepared statements: it answers the driver UNPREPARED. */
const oneForgetful = oneLost('one node of three restarted unprepared', async (node, scene) => {
  await node.kill();
  await evictPrepared(scene.keyspace);
  await node.restart();
});

/** The milliseconds in which rows that were written before may still be reported. */
const grace = 1_500;

/** The loss of two nodes, and so of the quorum: no record may be reported as written until one of them is back. */
const twoLost: Fault<ThreeNodesScene> = {
  kind: 'two nodes of three lost',
  inject: async (scene) => {
    const { world, random, cluster } = scene;
    const left = random.between(0, 2);
    const lost = cluster.nodes.filter((_, index) => index !== left);
    const kill = random.chance(5_000);
    await withinInvocation(scene);
    for (const node of lost)
      if (kill) await node.kill();
      else node.pause();
    await delay(grace);
    const before = world.reports.length;
    await lasting(scene, 3, 12);
    const handled = world.reports.slice(before).reduce((sum, one) => sum + one.handled, 0);
    for (const node of lost)
      if (kill) await node.restart();
      else node.resume();
    return handled === 0 ? [] : [`${handled} records were handled without a quorum`];
  },
};

export const threeNodesFaults: readonly Fault<ThreeNodesScene>[] = [
  oneKilled,
  twoLost,
  oneStopped,
  oneForgetful,
];

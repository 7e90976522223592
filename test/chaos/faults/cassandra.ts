import { type Fault, fault, lasting, withinInvocation } from '../fault.ts';
import { evictPrepared, preparedOf } from '../prepared.ts';
import type { OneNodeScene } from '../scenes.ts';

export const stopped = fault<OneNodeScene>('Cassandra stopped', async (scene) => {
  await withinInvocation(scene);
  scene.cassandra.process.pause();
  await lasting(scene, 3, 12);
  scene.cassandra.process.resume();
});

export const killed = fault<OneNodeScene>('Cassandra killed and restarted', async (scene) => {
  await withinInvocation(scene);
  await scene.cassandra.process.kill();
  await lasting(scene, 0, 5);
  await scene.cassandra.process.restart();
});

export const forgetful: Fault<OneNodeScene> = {
  kind: 'Cassandra restarted without its prepared statements',
  inject: async (scene) => {
    const { proxy, cassandra, keyspace } = scene;
    await withinInvocation(scene);
    // No statement may be prepared again before the kill.
    proxy.refuse();
    proxy.reset();
    await evictPrepared(keyspace);
    await cassandra.process.kill();
    await cassandra.process.restart();
    const prepared = await preparedOf(keyspace);
    proxy.pass();
    return prepared === 0 ? [] : [`it had ${prepared} prepared statements after its restart`];
  },
};

/** The eviction of prepared statements under live connections: the server answers the driver UNPREPARED. */
export const evicted: Fault<OneNodeScene> = {
  kind: 'prepared statements evicted by a schema change',
  inject: async ({ world, keyspace }) => {
    await world.hold();
    await evictPrepared(keyspace);
    const prepared = await preparedOf(keyspace);
    const before = world.reports.length;
    world.release();
    await world.caughtUp();
    const failed = world.reports
      .slice(before)
      .filter(({ report }) => report.judgement.kind !== 'success');
    return [
      ...(prepared === 0 ? [] : [`${prepared} prepared statements were left`]),
      ...(failed.length === 0 ? [] : [`${failed.length} invocations failed for it`]),
    ];
  },
};

export const throttled = fault<OneNodeScene>('Cassandra’s rate limiter', async (scene) => {
  const { cassandra, random } = scene;
  // A running server changes its limit only by JMX, which is closed here: it is restarted.
  const limit = (perSecond: number | null): Promise<void> =>
    cassandra.configure(
      perSecond === null
        ? {}
        : {
            native_transport_rate_limiting_enabled: true,
            native_transport_max_requests_per_second: perSecond,
            native_transport_throw_on_overload: true,
          },
    );
  await limit(random.between(30, 120));
  await cassandra.process.kill();
  await cassandra.process.restart();
  await lasting(scene, 4, 15);
  await limit(null);
  await cassandra.process.kill();
  await cassandra.process.restart();
});

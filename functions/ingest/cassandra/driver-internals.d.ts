// The private parts of cassandra-driver that driver-private.ts hands on, which its declarations leave out. The version is pinned.

declare module 'cassandra-driver/lib/requests.js' {
  export class Request {
    /** Read by the driver for the result's information. */
    consistency?: number;
    clone(): this;
  }
}

declare module 'cassandra-driver/lib/request-handler.js' {
  import type { Client, types } from 'cassandra-driver';
  import type { DefaultExecutionOptions } from 'cassandra-driver/lib/execution-options.js';
  import type { Request } from 'cassandra-driver/lib/requests.js';

  const RequestHandler: {
    send(
      request: Request,
      options: DefaultExecutionOptions,
      client: Client,
    ): Promise<types.ResultSet>;
  };
  export default RequestHandler;
}

declare module 'cassandra-driver/lib/prepare-handler.js' {
  import type { Client, policies } from 'cassandra-driver';

  const PrepareHandler: {
    getPrepared(
      client: Client,
      loadBalancing: policies.loadBalancing.LoadBalancingPolicy,
      query: string,
      keyspace: string | undefined,
    ): Promise<{ readonly queryId: Buffer }>;
  };
  export default PrepareHandler;
}

declare module 'cassandra-driver/lib/execution-options.js' {
  import type { Client, policies, QueryOptions, types } from 'cassandra-driver';
  export class DefaultExecutionOptions {
    static create(options: QueryOptions, client: Client): DefaultExecutionOptions;
    getConsistency(): number;
    getOrGenerateTimestamp(): types.Long | null;
    getLoadBalancingPolicy(): policies.loadBalancing.LoadBalancingPolicy;
  }
}

// The one module that imports private parts of cassandra-driver: what a new version of the driver may break is listed here.
import { DefaultExecutionOptions } from 'cassandra-driver/lib/execution-options.js';
import PrepareHandler from 'cassandra-driver/lib/prepare-handler.js';
import RequestHandler from 'cassandra-driver/lib/request-handler.js';
import requests from 'cassandra-driver/lib/requests.js';

/** The base class of the driver's requests. */
const { Request } = requests;

export { DefaultExecutionOptions, PrepareHandler, Request, RequestHandler };

declare module 'cassandra-driver' {
  namespace metadata {
    interface Metadata {
      /** The statement that was prepared under an id. */
      getPreparedById(id: Buffer): { readonly query: string } | undefined;
    }
  }
}

/** The end of an invocation: the JSON text that the handler returned, or an error. */
export type InvokeResult =
  | { readonly kind: 'response'; readonly payload: string }
  | {
      readonly kind: 'error';
      readonly errorType: string;
      readonly errorMessage: string;
      /** The handler threw, ran past its timeout, its process ended, or its process never started. */
      readonly cause: 'function' | 'timeout' | 'exited' | 'init';
    };

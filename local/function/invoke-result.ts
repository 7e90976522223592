/** How an invocation ended: with the JSON text that the handler returned, or without one. */
export type InvokeResult =
  | { readonly kind: 'response'; readonly payload: string }
  | {
      readonly kind: 'error';
      readonly errorType: string;
      readonly errorMessage: string;
      /** The handler threw, ran past its timeout, its process ended, or it never came up. */
      readonly cause: 'function' | 'timeout' | 'exited' | 'init';
    };

/** The most requests in flight: enough to keep two connections busy, far below the driver's limit for each. */
export const mostRequestsInFlight = 128;

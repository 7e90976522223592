// A substitute for `node:http` in a bundle (bundling.ts). An import of Node's own module reads all its exports, WebSocket too, which
// loads undici and HTTP/2: some 10 ms of every start. A missing name that a package imports fails the bundling.
const http = process.getBuiltinModule('node:http');
export default http;
export const { Agent, STATUS_CODES, request } = http;

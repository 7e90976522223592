// `node:http` in a bundle (bundling.ts). An import of Node's own reads all that it exports, WebSocket too, and with it loads undici
// and HTTP/2: some 10 ms of every start. A name that a package imports and that is not here fails the bundling.
const http = process.getBuiltinModule('node:http');
export default http;
export const { Agent, STATUS_CODES, request } = http;

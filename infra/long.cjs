// The driver's package for 64-bit numbers, loaded as if there were no WebAssembly: it would compile a program of it for 5 ms of each
// start, and does the same without (https://github.com/dcodeIO/long.js, `wasm = null`).
const { WebAssembly } = globalThis;
globalThis.WebAssembly = undefined;
module.exports = require('../node_modules/long/umd/index.js');
globalThis.WebAssembly = WebAssembly;

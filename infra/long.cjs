// The driver's package for 64-bit numbers (https://github.com/dcodeIO/long.js), loaded with WebAssembly hidden: compiling its module
// takes 5 ms of each start, and the package computes the same without it.
const { WebAssembly } = globalThis;
globalThis.WebAssembly = undefined;
module.exports = require('../node_modules/long/umd/index.js');
globalThis.WebAssembly = WebAssembly;

/** The WebAssembly module by which the Kafka client compresses and computes checksums. */
const kafkaClient = {
  'dist/native.wasm': 'node_modules/@platformatic/wasm-utils/dist/native.wasm',
};

/**
 * The files that packages open by a relative path, `../…`, by the folder of the function: from their places in its code to those in the
 * project. The bundle of such a function is put one folder down.
 */
const functionFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  operate: kafkaClient,
  produce: kafkaClient,
};

/** The folder of a bundle in the code of a function that has files. */
export const bundleFolder = 'bundle';

/** Lists the files of a function. */
export const filesOf = (folder: string): readonly (readonly [to: string, from: string])[] =>
  Object.entries(functionFiles[folder] ?? {});

/** Gives the handler of a function, as Lambda names it. */
export const handlerOf = (folder: string): string =>
  folder in functionFiles ? `${bundleFolder}/index.handler` : 'index.handler';

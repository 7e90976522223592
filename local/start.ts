import { main } from '../cli/terminal/main.ts';
import { readOptions } from './options.ts';
import { runPipeline } from './run-pipeline.ts';

const options = readOptions(process.argv.slice(2));
await main((signal) => runPipeline(options, signal));

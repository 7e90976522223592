// Loaded into the function's process by NODE_OPTIONS: on SIGUSR2 it writes a line with the memory it has taken at most.
process.on('SIGUSR2', () => {
  process.stdout.write(`peak memory: ${process.resourceUsage().maxRSS} KiB\n`);
});

import { BlockList, isIPv4 } from 'node:net';

/** A host, by name or IPv4 address, and its port; null if none is given. */
interface Address {
  readonly host: string;
  readonly port: number | null;
}

const label = '[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?';
const address = new RegExp(`^(?<host>${label}(?:\\.${label})*)(?::(?<port>[1-9]\\d{0,4}))?$`);
const largestPort = 65_535;
/** The longest name in DNS, in characters. */
const longestHost = 253;

/** Reads `host` or `host:port`; null for any other text, such as a port above 65535 or the address 10.0.0.256. */
export const addressOf = (given: string): Address | null => {
  const { host, port } = address.exec(given)?.groups ?? {};
  if (host === undefined || host.length > longestHost || Number(port ?? 1) > largestPort)
    return null;
  // A host whose last part is a number is an IPv4 address, or a mistake in one.
  if (/(^|\.)\d+$/.test(host) && !isIPv4(host)) return null;
  return { host, port: port === undefined ? null : Number(port) };
};

/** Accepts a broker as Lambda's API takes it: a host without underscores, and a port. */
export const broker = {
  test(given: string): boolean {
    const read = addressOf(given);
    return read !== null && read.port !== null && !read.host.includes('_');
  },
};

/** Accepts a node of Cassandra: a host, with or without a port. */
export const contactPoint = { test: (given: string): boolean => addressOf(given) !== null };

/** Accepts a block of IPv4 addresses that is named by its first address: 10.0.0.0/16, but not 10.0.0.1/16. */
export const block = {
  test(given: string): boolean {
    const { base = '', prefix } =
      /^(?<base>[\d.]+)\/(?<prefix>\d|[12]\d|3[0-2])$/.exec(given)?.groups ?? {};
    if (!isIPv4(base)) return false;
    const bits = base.split('.').reduce((all, part) => all * 256 + Number(part), 0);
    return bits % 2 ** (32 - Number(prefix)) === 0;
  },
};

const listOf = (...blocks: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [base, prefix] of blocks) list.addSubnet(base, prefix);
  return list;
};

const loopback = listOf(['127.0.0.0', 8], ['0.0.0.0', 8]);

/** RFC 1918, RFC 6598 (shared) and RFC 3927 (link-local). */
const notOnTheInternet = listOf(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
);

/** Tells whether a host is the machine that asks for it. */
export const isLoopback = (host: string): boolean =>
  /(^|\.)localhost$/i.test(host) || host === '[::1]' || (isIPv4(host) && loopback.check(host));

/**
 * Tells whether a host can be reached only inside a network: it is a private address, or a name of a private zone, like the names that
 * EC2 gives. Any other name may lead to a private address too; names are not resolved here.
 */
export const isPrivate = (host: string): boolean =>
  /\.(internal|local)$/i.test(host) || (isIPv4(host) && notOnTheInternet.check(host));

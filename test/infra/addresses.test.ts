import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressOf, block, broker, isLoopback, isPrivate } from '../../infra/config/addresses.ts';

const part = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(part, part, part, part).map((parts) => parts.join('.'));

test('a block of addresses is named by its first address, and by no other', () => {
  fc.assert(
    fc.property(fc.nat(0xff_ff_ff_ff), fc.integer({ min: 0, max: 32 }), (bits, prefix) => {
      const size = 2 ** (32 - prefix);
      const text = (one: number): string =>
        `${[24, 16, 8, 0].map((shift) => Math.floor(one / 2 ** shift) % 256).join('.')}/${prefix}`;
      const first = bits - (bits % size);
      deepStrictEqual(block.test(text(first)), true, text(first));
      if (size > 1) deepStrictEqual(block.test(text(first + 1 + (bits % (size - 1)))), false);
    }),
  );
});

test('a port is 1 to 65535, and an address of IPv4 has four parts up to 255', () => {
  fc.assert(
    fc.property(address, fc.integer({ min: 0, max: 99_999 }), (host, port) => {
      const read = addressOf(`${host}:${port}`);
      deepStrictEqual(read, port >= 1 && port <= 65_535 ? { host, port } : null);
      deepStrictEqual(addressOf(`${host}.1`), null);
    }),
  );
  for (const wrong of [
    '',
    ':9092',
    'kafka:',
    'kafka:09092',
    'kafka:9092:1',
    'a..b',
    '.a',
    '-a',
    'a b',
    'a/b',
    '1.2.3',
    '1.2.3.256',
  ])
    deepStrictEqual(addressOf(wrong), null, wrong);
});

test('a broker has a port, and no underscore, which Lambda does not take', () => {
  deepStrictEqual(
    ['kafka-1.example.org:9096', 'kafka-1.example.org', 'kafka_1:9096'].map(broker.test),
    [true, false, false],
  );
});

test('an address that is reached only inside a network is known by its number or its zone', () => {
  const seen = (host: string) => [isLoopback(host), isPrivate(host)];
  for (const host of ['localhost', 'kafka.localhost', '127.0.0.1', '127.9.9.9', '0.0.0.0', '[::1]'])
    deepStrictEqual(seen(host), [true, false], host);
  for (const host of [
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    'ip-10-0-0-1.ec2.internal',
  ])
    deepStrictEqual(seen(host), [false, true], host);
  for (const host of [
    '8.8.8.8',
    '172.32.0.1',
    '11.0.0.1',
    'kafka.example.org',
    'kafka',
    'localhost.example.org',
  ])
    deepStrictEqual(seen(host), [false, false], host);
});

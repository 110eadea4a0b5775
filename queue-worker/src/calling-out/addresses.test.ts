// Nobody who may set an address gets our workers to call what only they can reach.
import { describe, expect, test } from "vitest";
import { CallableAddresses } from "./addresses.ts";

const anybody = new CallableAddresses([]);

describe("without a word in the configuration", () => {
  test.each([
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::FFFF:10.0.0.1",
    "0:0:0:0:0:ffff:a9fe:a9fe",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
  ])("%j is not called", (address) => {
    expect(anybody.mayCall(address)).toBe(false);
  });

  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
  ])("%s is", (address) => {
    expect(anybody.mayCall(address)).toBe(true);
  });
});

test("what the configuration names is called, in either dress, and nothing beside it", () => {
  const named = new CallableAddresses(["10.1.0.0/16", "127.0.0.1", "::1", "fd00:1::/32"]);
  for (const address of ["10.1.255.1", "::ffff:10.1.0.1", "127.0.0.1", "::ffff:7f00:1", "::1", "fd00:1::9"]) {
    expect([address, named.mayCall(address)]).toEqual([address, true]);
  }
  for (const address of ["10.2.0.1", "127.0.0.2", "::2", "fd00:2::9", "169.254.169.254"]) {
    expect([address, named.mayCall(address)]).toEqual([address, false]);
  }
});

test("a network that is none is named when the worker starts", () => {
  expect(() => new CallableAddresses(["10.0.0.0/33"])).toThrow("10.0.0.0/33");
  expect(() => new CallableAddresses(["warehouse"])).toThrow("warehouse");
});

import { describe, expect, it } from "vitest";
import { countedAs, peerText, TrustedProxies } from "./address.ts";

describe("the caller's address", () => {
  const proxies = new TrustedProxies(["10.0.0.1", "192.168.0.0/16", "fd00::/8"]);

  it("is the peer's, whatever a peer that is not trusted says", () => {
    expect(proxies.callerOf("1.2.3.4", "9.9.9.9")).toBe("1.2.3.4");
    expect(new TrustedProxies([]).callerOf("10.0.0.1", "9.9.9.9")).toBe("10.0.0.1");
  });

  it("is the last hop before the proxies that we trust, not what is written further left", () => {
    expect(proxies.callerOf("10.0.0.1", "6.6.6.6, 1.2.3.4")).toBe("1.2.3.4");
    expect(proxies.callerOf("10.0.0.1", "6.6.6.6, 1.2.3.4, 192.168.7.7")).toBe("1.2.3.4");
    expect(proxies.callerOf("fd00::1", "[2001:db8::1]:4711")).toBe("2001:db8::1");
    expect(proxies.callerOf("10.0.0.1", "::ffff:1.2.3.4")).toBe("1.2.3.4");
    expect(proxies.callerOf("10.0.0.1", "1.2.3.4:5678")).toBe("1.2.3.4");
  });

  it("is the proxy's own where it says nonsense, and the first where all are trusted", () => {
    expect(proxies.callerOf("10.0.0.1", "unknown")).toBe("10.0.0.1");
    expect(proxies.callerOf("10.0.0.1", "")).toBe("10.0.0.1");
    expect(proxies.callerOf("10.0.0.1", "192.168.1.1")).toBe("192.168.1.1");
  });

  it("a setting that is no address stops the start", () => {
    for (const wrong of ["here", "10.0.0.0/33", "10.0.0", "10.0.0.1/x"]) {
      expect(() => new TrustedProxies([wrong])).toThrow(wrong);
    }
  });
});

describe("what counts as one", () => {
  it("is an IPv4 address, or an IPv6 /64 however it is written", () => {
    expect(countedAs("1.2.3.4")).toBe("1.2.3.4");
    const same = ["2001:db8:0:1::5", "2001:0DB8:0000:0001:ffff::", "2001:db8:0:1:1:2:3:4"];
    expect(new Set(same.map(countedAs))).toEqual(new Set(["2001:db8:0:1::/64"]));
    expect(countedAs("::1")).toBe("0:0:0:0::/64");
  });

  it("µWebSockets' bytes read as text", () => {
    expect(peerText(new Uint8Array([1, 2, 3, 4]).buffer)).toBe("1.2.3.4");
    expect(peerText(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]).buffer)).toBe(
      "1.2.3.4",
    );
    expect(peerText(new Uint8Array([32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).buffer)).toBe(
      "2001:db8:0:0:0:0:0:1",
    );
  });
});

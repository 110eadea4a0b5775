// Stands in for k6/crypto in the tests.

import { createHmac } from "node:crypto";

export default {
  hmac: (algorithm: string, secret: string, input: string, encoding: "base64rawurl"): string => {
    if (encoding !== "base64rawurl") throw new Error("only what the load tests use");
    return createHmac(algorithm, secret).update(input).digest("base64url");
  },
};

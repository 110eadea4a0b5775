// A mail server that keeps us busy must not keep a mail longer than its claim lasts: another worker would send it again.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { MailServer } from "./mail-server.ts";

test("a server that answers for ever without an end is given up in time", async () => {
  const lines: Socket[] = [];
  const server = createServer((line) => {
    lines.push(line);
    line.on("error", () => {});
    line.write("220 mail.example\r\n");
    // A greeting of many lines, of which none is the last.
    const timer = setInterval(() => line.write("250-more\r\n"), 20);
    line.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const mails = new MailServer({
    url: `smtp://127.0.0.1:${port}`,
    from: "Shop <shop@shop.example>",
    sendMsMax: 300,
  });
  const mail = { to: "ann@example.com", mailId: "m1", subject: "s", text: "t", html: "<p>t</p>" };
  expect(await mails.send(mail)).toBeInstanceOf(Error);
  mails.close();
  for (const line of lines) line.destroy();
  await new Promise((resolve) => server.close(resolve));
});

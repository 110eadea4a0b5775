// A ceiling for HTTP rows: µWebSockets that reads a request to its end and answers the same bytes each time.
import uws from "uWebSockets.js";
import { announce } from "./announce.ts";

const [status = "201 Created", body = "{}"] = process.argv.slice(2);

uws
  .App()
  .any("/*", (res) => {
    res.onAborted(() => {});
    res.onData((_, isLast) => {
      if (!isLast) return;
      res.cork(() => {
        res.writeStatus(status).writeHeader("content-type", "application/json").end(body);
      });
    });
  })
  .listen("127.0.0.1", 0, (socket) => {
    announce({ port: socket === false ? 0 : uws.us_socket_local_port(socket) });
  });

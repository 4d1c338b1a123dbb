import { model, predict } from "risk";
import server from "risk/fetch";

export default {
  /** `GET /?row=1,106,…` in words of its own; all else by the REST contract of the case. */
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const row = searchParams.get("row");
    if (pathname !== "/" || row === null) {
      return server.fetch(request);
    }
    try {
      return Response.json({ [model.outcome ?? "answer"]: predict(row).prediction });
    } catch ({ code, field, message }) {
      return Response.json({ code, field, message }, { status: 400 });
    }
  },
};

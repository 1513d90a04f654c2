// Calls of the API. A refusal is a Refused with its reason; no answer at all is whatever fetch throws.

export class Refused extends Error {
  constructor(status, told) {
    super(told.error ?? String(status));
    this.status = status;
    this.reason = told.error ?? "";
    this.waitS = told.retryAfter ?? 0;
  }
}

export async function call(path, body, session) {
  const answer = await fetch(`/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(session ? { ...body, sessionId: session.id, csrfToken: session.token } : body),
    signal: AbortSignal.timeout(30000),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}

// A picture that was shown in this conversation, as an address of this page.
export async function picture(name, session) {
  const answer = await fetch(`/api/picture/${name}`, { headers: { "x-session-id": session.id }, signal: AbortSignal.timeout(30000) });
  if (!answer.ok) throw new Refused(answer.status, {});
  return URL.createObjectURL(await answer.blob());
}

// fetch tells nothing of how far an upload is; XMLHttpRequest does.
export function upload(photo, session, messageId, progress) {
  const form = new FormData();
  form.append("sessionId", session.id);
  form.append("csrfToken", session.token);
  form.append("messageId", messageId);
  form.append("image", photo, "photo");
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/upload-image");
    request.setRequestHeader("x-session-id", session.id);
    request.responseType = "json";
    request.timeout = 60000;
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => (request.status === 200 ? done(request.response) : failed(new Refused(request.status, request.response ?? {})));
    request.onerror = request.ontimeout = () => failed(new TypeError("no connection"));
    request.send(form);
  });
}

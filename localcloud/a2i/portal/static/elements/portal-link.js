// What a task page and the portal around it say to each other. The page has an opaque origin and
// does not know the portal's; the portal alone may frame it, so "*" reaches nobody else.

export function tellPortal(message) {
  window.parent.postMessage(message, "*");
}

export function hearPortal(type, respond) {
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.type === type) respond(event.data);
  });
}

// What a task page and the portal around it say to each other. The page has an opaque origin and
// does not know the portal's; the portal alone may frame it, so "*" reaches nobody else.

// A template with a variable of its own called "parent" has taken the name; nothing can take "top".
const portal = typeof window.parent.postMessage === "function" ? window.parent : window.top;

export function tellPortal(message) {
  portal.postMessage(message, "*");
}

export function hearPortal(type, respond) {
  window.addEventListener("message", (event) => {
    if (event.source === portal && event.data?.type === type) respond(event.data);
  });
}

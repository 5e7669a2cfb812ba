// The page around one task. The task itself runs in a sandboxed frame of an opaque origin: it can
// neither read this page nor act as the worker. It hands its answer over as a message.

const TOKEN = 'meta[name="csrf-token"]';
let csrfToken = document.querySelector(TOKEN).content;
const frame = document.querySelector("#task");
const banner = document.querySelector("#banner");
const instructions = document.querySelector("#instructions");
const READY_WITHIN = 5000;

function tell(message) {
  frame.contentWindow.postMessage(message, "*");
}

function warn(text, link) {
  banner.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    // In a tab of its own: what the worker has filled in stays where it is.
    anchor.target = "_blank";
    anchor.rel = "noopener";
    banner.append(" ", anchor);
  }
  banner.hidden = false;
}

function sent(action, body) {
  return fetch(`${location.pathname}/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken },
    body: JSON.stringify(body),
  });
}

// A worker who has signed in again, in another tab, has a new token, which this page lacks.
async function renewed() {
  const response = await fetch(location.pathname, { redirect: "manual" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector(TOKEN)?.content;
  if (!token || token === csrfToken) return false;
  csrfToken = token;
  return true;
}

async function post(action, body = {}) {
  const response = await sent(action, body);
  return response.status === 403 && (await renewed()) ? sent(action, body) : response;
}

async function submit(answerContent) {
  let response;
  try {
    response = await post("submit", { answerContent });
  } catch {
    warn("The answer was not sent: the portal cannot be reached. Submit again in a moment.");
    tell({ type: "portal:refused" });
    return;
  }
  const result = await response.json();
  if (response.ok) {
    location.assign(result.next);
  } else if (response.status === 410) {
    location.reload();
  } else if (response.status === 401) {
    warn(`${result.message} Your answer is still here: sign in, come back, and submit it.`, {
      href: "/",
      text: "Sign in again",
    });
    tell({ type: "portal:refused" });
  } else {
    warn(result.message);
    tell({ type: "portal:refused" });
  }
}

// Whoever leaves the page by its own way out leaves the task to others. A tab that is closed, or
// the jobs in a tab beside it, says nothing: there the task stays until its time is over.
async function leave(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await post("leave");
  } finally {
    location.assign("/");
  }
}

document.querySelector("#leave").addEventListener("click", leave);

function cannotBeAnswered(reason) {
  warn(`This page cannot be answered: it ${reason}. Tell whoever made the task.`);
}

function ready({ answerable, instructions: hasInstructions, unknown }) {
  clearTimeout(lateness);
  banner.hidden = true;
  if (document.activeElement === document.body) frame.focus();
  instructions.hidden = !hasInstructions;
  if (!answerable) {
    cannotBeAnswered("has no crowd-form, and nothing else can send an answer");
  } else if (unknown.length > 0) {
    warn(`This page uses elements that this portal does not have: ${unknown.join(", ")}. `
      + "They show their content only, and are not part of the answer.");
  }
}

const lateness = setTimeout(
  () => cannotBeAnswered("does not load crowd-html-elements.js"),
  READY_WITHIN,
);

window.addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow) return;
  if (event.data?.type === "task:ready") ready(event.data);
  if (event.data?.type === "task:answer") submit(event.data.answerContent);
});

instructions.addEventListener("click", () => {
  frame.focus();
  tell({ type: "portal:instructions" });
});

// Keys work at once, wherever the focus is: the task is what the worker is here for. While the
// focus is on its way into the frame, a key still arrives here, at the frame's own element.
document.addEventListener("keydown", (event) => {
  const plain = !(event.ctrlKey || event.metaKey || event.altKey);
  if (![document.body, frame].includes(event.target) || !plain || event.repeat) return;
  if (/^([1-9]|Enter|\?)$/.test(event.key)) {
    event.preventDefault();
    frame.focus();
    tell({ type: "portal:key", key: event.key });
  }
});

const clock = document.querySelector("#time-left");
const spoken = document.querySelector("#time-spoken");
const end = Date.now() + Number(clock.dataset.seconds) * 1000;
const announcements = new Map([[300, "5 minutes left"], [60, "1 minute left"]]);

function worded(seconds) {
  if (seconds >= 5400) return `${Math.round(seconds / 3600)} h left`;
  if (seconds >= 120) return `${Math.ceil(seconds / 60)} min left`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

function tick() {
  const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
  clock.textContent = worded(seconds);
  clock.classList.toggle("soon", seconds < 120);
  spoken.textContent = announcements.get(seconds) ?? spoken.textContent;
  if (seconds > 0) return;
  clearInterval(ticking);
  // The server decides: a moment later than its own deadline, it says the task is gone.
  setTimeout(() => location.reload(), 500);
}

const ticking = setInterval(tick, 1000);
tick();

// Now that this page listens, since the task says at once that it is ready.
frame.src = frame.dataset.src;

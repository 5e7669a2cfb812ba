// The page around a previewed task page: which example is shown, what is wrong, what Submit gives.

const frame = document.querySelector("#task");
const examples = document.querySelector("nav");
const instructions = document.querySelector("#instructions");
const status = document.querySelector("#status");
const answer = document.querySelector("#answer");
const READY_WITHIN = 5000;

let shown = new URLSearchParams(location.search).get("example");
let lateness;

async function look() {
  const state = await (await fetch("/state")).json();
  if (!(shown in state.examples)) shown = state.first;
  examples.replaceChildren(...Object.keys(state.examples).map(choice));
  document.querySelector("#input").textContent = state.examples[shown] ?? "{}";
  document.querySelector("#findings").replaceChildren(...found(state.findings));
  showPage();
}

function showPage() {
  answer.hidden = true;
  document.querySelector("#unanswered").hidden = false;
  instructions.hidden = true;
  status.textContent = "";
  clearTimeout(lateness);
  lateness = setTimeout(() => {
    status.textContent = "This page cannot be answered: no form of its elements has come to life.";
  }, READY_WITHIN);
  frame.src = `/page?${new URLSearchParams({ example: shown ?? "", at: Date.now() })}`;
}

function choice(name) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name.replace(/^.*\/|\.json$/g, "");
  button.ariaPressed = String(name === shown);
  button.addEventListener("click", () => {
    shown = name;
    history.replaceState(null, "", `?${new URLSearchParams({ example: name })}`);
    look();
  });
  return button;
}

function found(findings) {
  if (findings.length === 0) return [item("", "Nothing found.", "")];
  return findings.map((each) => item(
    each.severity, `${each.place}: ${each.severity}: ${each.message}`, each.wayOut,
  ));
}

function item(severity, message, wayOut) {
  const line = document.createElement("li");
  line.className = severity;
  line.textContent = message;
  if (wayOut) {
    const next = document.createElement("p");
    next.textContent = wayOut;
    line.append(next);
  }
  return line;
}

window.addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data?.type === "task:ready") {
    clearTimeout(lateness);
    instructions.hidden = !data.instructions;
    if (data.answerable === false) {
      status.textContent = "This page cannot be answered: it has no crowd-form.";
      return;
    }
    status.textContent = data.unknown?.length
      ? `Not in this portal: ${data.unknown.join(", ")}.`
      : "";
  }
  if (data?.type === "task:answer") {
    answer.textContent = JSON.stringify(data.answerContent, null, 2);
    answer.hidden = false;
    document.querySelector("#unanswered").hidden = true;
    // It may be changed and submitted again.
    frame.contentWindow.postMessage({ type: "portal:refused" }, "*");
  }
});

instructions.addEventListener("click", () => {
  frame.focus();
  frame.contentWindow.postMessage({ type: "portal:instructions" }, "*");
});

const changes = new EventSource("/changes");
changes.addEventListener("changed", look);
// Again after the preview was started anew; the first time, what was saved meanwhile is seen too.
changes.addEventListener("watching", look);

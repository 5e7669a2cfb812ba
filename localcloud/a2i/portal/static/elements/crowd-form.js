// <crowd-form>: what a worker fills in and submits.

import { answerOf, fieldsOf, flattened, formsOf } from "./answer.js";
import { isMultiline, isPlain, isPressing } from "./keys.js";
import { hearPortal, tellPortal } from "./portal-link.js";

const CHOOSING = [
  "crowd-classifier", "crowd-classifier-multi-select",
  "crowd-image-classifier", "crowd-image-classifier-multi-select",
  "crowd-rekognition-detect-moderation-labels",
  "[labels]",
].join();
const INSTRUCTIONS = "full-instructions, crowd-instructions";
const SUBMIT = 'crowd-button[form-action="submit"], crowd-button[type="submit"]';

// Not drawn by Lit: what it shows is the template's own, which it only puts into a form.
export class CrowdForm extends HTMLElement {
  form = null;
  #sent = false;

  connectedCallback() {
    if (this.form) return;
    this.role ??= "main";
    this.form = document.createElement("form");
    this.form.append(...this.childNodes);
    this.append(this.form);
    if (!this.querySelector(SUBMIT)) this.form.append(submitButton());
    this.form.append(shortcuts(this));

    // On the window, after every listener of the template's own: one of them may say no.
    window.addEventListener("submit", (event) => this.#submitted(event));
    this.form.addEventListener("submit", (event) => this.#submitting(event), { capture: true });
    document.addEventListener("keydown", (event) => this.#keyPressed(event));
    this.form.addEventListener("invalid", (event) => this.#refused(event), { capture: true });
    hearPortal("portal:refused", () => this.#setSent(false));
  }

  submit() {
    this.form.requestSubmit();
  }

  #submitted(event) {
    if (event.target !== this.form || event.defaultPrevented) return;
    event.preventDefault();
    const [, ...inner] = formsOf(this.form);
    if (this.#sent || !inner.every((form) => form.reportValidity())) return;
    this.#setSent(true);
    const answer = answerOf(this.form);
    const isFlat = this.getAttribute("answer-format") === "flatten-objects";
    tellPortal({ type: "task:answer", answerContent: isFlat ? flattened(answer) : answer });
  }

  // The browser stops the event of a form within the form before it gets here, so it is heard where
  // it begins, after every listener that was there before.
  #submitting({ target }) {
    const [, ...inner] = formsOf(this.form);
    if (!inner.includes(target)) return;
    target.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      this.submit();
    }, { once: true });
  }

  // The focus goes to the first field that is wrong. For its own fields the browser sees to that.
  #refused(event) {
    const first = fieldsOf(this.form).find((each) => each.matches(":invalid:not(fieldset)"));
    const isOurs = "answer" in first;
    if (isOurs) event.preventDefault();
    if (event.target !== first) return;
    for (let each = first.parentElement; each; each = each.parentElement) each.reveal?.();
    if (isOurs) first.focus();
  }

  #keyPressed(event) {
    if (event.key !== "Enter") return;
    if (isMultiline(event)) {
      if ((event.ctrlKey || event.metaKey) && !event.repeat) this.submit();
    } else if (event.repeat) {
      // A key held down since the task before is no answer to this one.
      event.preventDefault();
    } else if (isPlain(event) && !isPressing(event)) {
      event.preventDefault();
      this.submit();
    }
  }

  #setSent(sent) {
    this.#sent = sent;
    this.setAttribute("aria-busy", String(sent));
    for (const button of this.querySelectorAll(SUBMIT)) button.toggleAttribute("loading", sent);
  }
}

function submitButton() {
  const button = document.createElement("crowd-button");
  button.setAttribute("form-action", "submit");
  button.setAttribute("variant", "primary");
  button.textContent = "Submit";
  return button;
}

function shortcuts(form) {
  const hint = document.createElement("p");
  hint.className = "shortcuts";
  hint.textContent = [
    form.querySelector(CHOOSING) && "Number keys choose",
    "Enter submits",
    form.querySelector(INSTRUCTIONS) && "? opens the instructions",
  ].filter(Boolean).join(" · ");
  return hint;
}

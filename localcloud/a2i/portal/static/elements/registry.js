// Every element a task template may use. A further element is one file beside this one and one
// line here; what is not listed shows its content and nothing more.

import { ClassificationTarget } from "./classification-target.js";
import { CrowdButton } from "./crowd-button.js";
import { CrowdClassifier } from "./crowd-classifier.js";
import { CrowdForm } from "./crowd-form.js";
import { FullInstructions } from "./full-instructions.js";
import { hearPortal, tellPortal } from "./portal-link.js";
import { ShortInstructions } from "./short-instructions.js";

const elements = {
  // First, since it moves what it holds into a form before the others come to life.
  "crowd-form": CrowdForm,
  "crowd-button": CrowdButton,
  "crowd-classifier": CrowdClassifier,
  "classification-target": ClassificationTarget,
  "short-instructions": ShortInstructions,
  "full-instructions": FullInstructions,
};

for (const [name, element] of Object.entries(elements)) customElements.define(name, element);

// Templates are seldom whole pages; a screen reader wants a title and a language all the same.
document.title ||= "Task";
document.documentElement.lang ||= "en";

hearPortal("portal:key", ({ key }) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
});

document.dispatchEvent(new Event("all-crowd-elements-ready"));

if (document.querySelector("crowd-form")) {
  const names = [...document.querySelectorAll("*")].map((each) => each.localName);
  tellPortal({
    type: "task:ready",
    instructions: [...document.querySelectorAll("full-instructions")].some((each) => each.filled),
    unknown: [...new Set(names.filter((name) => name.startsWith("crowd-")))]
      .filter((name) => !customElements.get(name)),
  });
}

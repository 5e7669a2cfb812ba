// A form for an element that may stand without one.

/**
 * Put an element into a form of its own. Templates that ask more than it does put their questions
 * into `shadowRoot.querySelector("crowd-form").form`: see crowd-entity-annotation in the developer
 * guide.
 */
export function bringForm(element) {
  const form = document.createElement("crowd-form");
  const place = document.createComment("");
  element.replaceWith(place);
  form.append(element);
  place.replaceWith(form);
  const questions = document.createElement("div");
  element.after(questions);
  const inner = document.createElement("crowd-form");
  Object.assign(inner, { form: questions, hidden: true });
  element.renderRoot.append(inner);
}

// What a form's fields say, by name, as Amazon A2I writes it to answerContent.

/** The answer of a form: elements of ours by their `answer`, plain HTML fields by their value. */
export function answerOf(form) {
  const answer = {};
  for (const field of fieldsOf(form)) {
    if (!field.name || field.matches(":disabled")) continue;
    const part = partOf(field);
    if (part !== undefined) answer[field.name] = merged(answer[field.name], part);
  }
  return answer;
}

/** A form and those that a template has within it, whose fields are as much part of the answer. */
export function formsOf(form) {
  return [form, ...form.querySelectorAll('form:not([method="dialog" i])')];
}

/** The fields of a form and of those within it. */
export function fieldsOf(form) {
  return formsOf(form).flatMap((each) => [...each.elements]);
}

function partOf(field) {
  if ("answer" in field) return field.answer;
  switch (field.type) {
    case "radio":
    case "checkbox":
      return { [field.value]: field.checked };
    case "select-multiple":
      return [...field.selectedOptions].map((option) => option.value);
    case "submit":
    case "reset":
    case "button":
    case "image":
    case "file":
    case "fieldset":
    case "output":
      return undefined;
    default:
      return field.value;
  }
}

// Boxes and buttons of one name are one object; texts of one name are a list: nothing is lost.
function merged(before, part) {
  if (before === undefined) return part;
  if (isObject(before) && isObject(part)) return { ...before, ...part };
  return [before, part].flat();
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** An answer without objects in it: what they hold goes by both names, with a dot between them. */
export function flattened(answer) {
  const flat = {};
  for (const [name, part] of Object.entries(answer)) {
    if (!isObject(part)) {
      flat[name] = part;
    } else {
      for (const [key, value] of Object.entries(flattened(part))) flat[`${name}.${key}`] = value;
    }
  }
  return flat;
}

// Entities: the labelled spans of a text, in the order of the text, of which no two overlap.

/** The labels in an attribute: strings, or objects of label, shortDisplayName, fullDisplayName. */
export function labelsOf(list) {
  if (!Array.isArray(list) || list.length === 0) {
    throw new SyntaxError("a list of at least one label is needed");
  }
  return list.map((each) => {
    const { label, shortDisplayName, fullDisplayName } =
      typeof each === "object" && each !== null ? each : { label: each };
    if (typeof label !== "string" || label === "") {
      throw new SyntaxError(`each must be a string, or have a "label": ${JSON.stringify(each)}`);
    }
    return { label, short: shortDisplayName || label, full: fullDisplayName || label };
  });
}

/** The entities in an attribute, in order; they must be spans of the text, with one of `labels`. */
export function entitiesOf(list, text, labels) {
  if (!Array.isArray(list)) throw new SyntaxError("a list of entities is needed");
  const entities = list
    .map(({ startOffset, endOffset, label }) => ({ label, start: startOffset, end: endOffset }))
    .sort((one, other) => one.start - other.start);
  for (const [index, { label, start, end }] of entities.entries()) {
    const place = `the entity from ${start} to ${end}`;
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end)) {
      throw new SyntaxError(`${place} is no span`);
    }
    if (end > text.length) {
      throw new SyntaxError(`${place} is not in the text, which has ${text.length} characters`);
    }
    if (!labels.some((each) => each.label === label)) {
      throw new SyntaxError(`${place} has the label ${JSON.stringify(label)}, which is not there`);
    }
    if (index > 0 && start < entities[index - 1].end) {
      throw new SyntaxError(`${place} overlaps another`);
    }
  }
  return entities;
}

/** The entities that a span touches without covering them. */
export function cutBy(entities, span) {
  return entities.filter((each) => touches(each, span) && !covers(span, each));
}

/** With a span labelled; what it covers gives way to it. */
export function labelled(entities, { start, end }, label) {
  return [...without(entities, { start, end }), { label, start, end }]
    .sort((one, other) => one.start - other.start);
}

/** Without the entities that a span covers. */
export function without(entities, span) {
  return entities.filter((each) => !covers(span, each));
}

export function entityAt(entities, offset) {
  return entities.find((each) => each.start <= offset && offset < each.end);
}

export const isSame = (one, other) => one.start === other.start && one.end === other.end;

const touches = (one, other) => one.start < other.end && other.start < one.end;
const covers = (one, other) => one.start <= other.start && other.end <= one.end;

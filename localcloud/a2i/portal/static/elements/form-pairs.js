// The keys of a form and their values: read from the blocks that Amazon Textract found, and written
// as the blocks that Amazon A2I answers with.

/** The blocks in an attribute, by their ids. */
export function blocksOf(list) {
  if (!Array.isArray(list)) throw new SyntaxError("a list of blocks is needed");
  const [first] = list;
  if (first && "BlockType" in first) {
    throw new SyntaxError(
      'the members of a block begin in lower case, as in "blockType"; given was "BlockType"',
    );
  }
  const wrong = list.find((block) => !block?.id || !block.blockType);
  if (wrong) throw new SyntaxError(`a block without id or blockType: ${JSON.stringify(wrong)}`);
  return new Map(list.map((block) => [block.id, block]));
}

/** The important keys in an attribute: each with its name and its aliases. */
export function keysOf(list) {
  if (!Array.isArray(list)) throw new SyntaxError("a list of keys is needed");
  return list
    .map(({ importantFormKey: name, importantFormKeyAliases: aliases }) => {
      if (typeof name !== "string") throw new SyntaxError('each needs an "importantFormKey"');
      return { name, aliases: aliases ?? [] };
    })
    // The wildcard of activation conditions is the name of no key.
    .filter(({ name }) => name !== "*");
}

/** What is to be reviewed: the important keys that were not found, then the pairs that were. */
export function pairsOf(blocks, keys) {
  const found = [...blocks.values()]
    .filter((block) => block.blockType === "KEY_VALUE_SET" && block.entityTypes?.includes("KEY"))
    .map((key) => foundPair(key, blocks));
  const names = new Set(found.map(({ key }) => plain(key)));
  const missing = keys
    .filter(({ name, aliases }) => ![name, ...aliases].some((each) => names.has(plain(each))))
    .map(({ name, aliases }) => missingPair(name, aliases));
  return [...missing, ...found];
}

const plain = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();

function foundPair(keyBlock, blocks) {
  const valueBlocks = related(keyBlock, "VALUE", blocks);
  const contents = valueBlocks.flatMap((each) => related(each, "CHILD", blocks));
  const words = contents.filter(({ blockType }) => blockType === "WORD");
  return {
    keyBlock,
    valueBlocks,
    keyWords: related(keyBlock, "CHILD", blocks).filter(({ blockType }) => blockType === "WORD"),
    words,
    selections: contents.filter(({ blockType }) => blockType === "SELECTION_ELEMENT"),
    key: textOf(keyBlock, related(keyBlock, "CHILD", blocks)),
    value: valueBlocks.map((each) => textOf(each, related(each, "CHILD", blocks))).join(" ").trim(),
    aliases: [],
    isMissing: false,
  };
}

const missingPair = (key, aliases) => ({
  keyWords: [], words: [], selections: [], valueBlocks: [], key, value: "", aliases, isMissing: true,
});

function related(block, type, blocks) {
  return (block.relationships ?? [])
    .filter((relationship) => relationship.type === type)
    .flatMap(({ ids }) => ids)
    .map((id) => blocks.get(id))
    .filter((each) => each !== undefined);
}

const textOf = (block, children) =>
  children.map(({ text }) => text).filter(Boolean).join(" ") || block.text || "";

/**
 * The blocks of an answer.
 *
 * @param reviews each a pair, and what a person says of it: its `key`, its `value`, which of its
 *   `selected` elements are checked (by id), and whether it `isPair` and its key `isFound`.
 */
export function answerBlocks(reviews) {
  return reviews
    .filter(({ isPair, isFound }) => isPair && isFound)
    .flatMap((review) => pairBlocks(review));
}

function pairBlocks({ pair, key, value, selected }) {
  const keyWords = corrected(pair.keyWords, pair.isMissing ? "" : pair.key, key);
  const words = corrected(pair.words, pair.value, value);
  const selections = pair.selections.map((block) => ({
    ...withoutGeometry(block),
    selectionStatus: selected.has(block.id) ? "SELECTED" : "NOT_SELECTED",
  }));
  const [first, ...others] = pair.valueBlocks;
  const valueBlock = setBlock(first, "VALUE", [["CHILD", [...words, ...selections]]], value);
  const keyBlock = setBlock(
    pair.keyBlock, "KEY", [["VALUE", [valueBlock, ...others]], ["CHILD", keyWords]], key,
  );
  return [
    ...keyWords, ...words, ...selections, keyBlock, valueBlock,
    ...others.map((block) => setBlock(block, "VALUE", [], "")),
  ];
}

/** A key or a value, with its parts. */
function setBlock(block, kind, parts, text) {
  const relationships = parts
    .filter(([, children]) => children.length > 0)
    .map(([type, children]) => ({ type, ids: children.map(({ id }) => id) }));
  const { relationships: _, ...rest } = withoutGeometry(block ?? {});
  return {
    blockType: "KEY_VALUE_SET",
    id: newId(),
    entityTypes: [kind],
    ...rest,
    ...("text" in rest ? { text } : {}),
    ...(relationships.length > 0 ? { relationships } : {}),
  };
}

// The service's answers have none: whoever wants it finds it by id in what the model found.
const withoutGeometry = ({ geometry: _, ...block }) => block;

/**
 * A text's words as blocks. Words that stay keep their block; in place of others stands the block
 * of the word that was there before, without the confidence of the model, as long as there is one.
 */
function corrected(blocks, before, after) {
  if (after === before) return blocks.map(withoutGeometry);
  const words = after.split(/\s+/).filter(Boolean);
  const same = (one, other) => one?.text === other;
  const shorter = Math.min(blocks.length, words.length);
  let start = 0;
  while (start < shorter && same(blocks[start], words[start])) start += 1;
  let end = 0;
  while (end < shorter - start && same(blocks.at(-1 - end), words.at(-1 - end))) end += 1;
  return words.map((text, index) => {
    if (index >= words.length - end) return withoutGeometry(blocks.at(index - words.length));
    const block = index < blocks.length - end ? blocks[index] : undefined;
    return block ? word(block, text) : { blockType: "WORD", id: newId(), text };
  });
}

function word(block, text) {
  if (block.text === text) return withoutGeometry(block);
  const { confidence: _, ...rest } = withoutGeometry(block);
  return { ...rest, text };
}

// crypto.randomUUID is there only where the portal is served over TLS or on this machine.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

"""Names that python-liquid takes for keywords, though Liquid reads them as names.

``task.input.required`` is as good a path as any other, and ``limit`` is a keyword of loops alone.

The page lint and the local cloud read pages alike, so both have this module, the same to the
letter: a local cloud that imported the library could not serve other programs without it.
"""

from typing import Any

from liquid import Environment, TokenStream
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, tokenize
from liquid.builtin.output import Output, OutputNode
from liquid.parser import get_parser
from liquid.token import TOKEN_COLON, TOKEN_DOT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_WORD, Token

_OF_LOOPS = {"cols", "continue", "in", "limit", "offset", "reversed"}
_OF_INCLUDES = {"as", "else", "for", "if", "required", "with"}
_LOOPS = {"for", "tablerow"}


class NamingEnvironment(Environment):
    """Liquid in which a keyword is one only where it means something."""

    def _parse(self, source: str) -> list[Node]:
        tokens = self.tokenizer()(source)
        return get_parser(self).parse(_Tokens(tokens))


class NamingOutput(Output):
    """``{{ … }}`` in which every word is a name."""

    def parse(self, stream: TokenStream) -> OutputNode:
        """The node of an output, read as python-liquid does but for the names."""
        token = stream.eat(TOKEN_OUTPUT)
        written = stream.expect(TOKEN_EXPRESSION)
        words = _named(TokenStream(tokenize(written.value, written)), _OF_LOOPS | _OF_INCLUDES)
        return self.node_class(token, FilteredExpression.parse(self.env, words))


class _Tokens(TokenStream):
    def into_inner(self, *, tag: Token | None = None, eat: bool = True) -> TokenStream:
        """The tokens of a tag's expression."""
        name = self.tokens[self.pos - 1].value
        names = _OF_INCLUDES if name in _LOOPS else _OF_LOOPS | _OF_INCLUDES
        return _named(super().into_inner(tag=tag, eat=eat), names)


def _named(stream: TokenStream, names: set[str]) -> TokenStream:
    """The tokens, those that are names marked as such."""
    before: Any = None
    for index, token in enumerate(stream.tokens):
        if token.kind == token.value and _is_name(token.value, before, names):
            stream.tokens[index] = token._replace(kind=TOKEN_WORD)
        before = token.kind
    return stream


def _is_name(word: str, before: Any, names: set[str]) -> bool:
    if before == TOKEN_DOT:
        return word.isidentifier()
    if before == TOKEN_COLON and word in _OF_LOOPS:
        return word != "continue"  # {% for … offset: continue %}
    return word in names

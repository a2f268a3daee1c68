import { StreamLanguage } from '@codemirror/language';

/** The colours of YAML, line by line: names, texts, literals and comments. What it means is read by `asl/yaml`. */
export const yamlLook = StreamLanguage.define({
  name: 'yaml',
  startState: () => ({}),
  token: (stream) => {
    if (stream.eatSpace()) {
      return null;
    }
    if (stream.peek() === '#' && (stream.sol() || /\s/.test(stream.string[stream.pos - 1] ?? ' '))) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"[\]{},:&*!|>%@`-][^#:,[\]{}]*)(?=\s*:(?:\s|$))/)) {
      return 'propertyName';
    }
    if (stream.match(/^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/)) {
      return 'string';
    }
    if (stream.match(/^(?:true|false|null|~|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?=\s*(?:$|[,\]}#]))/)) {
      return 'atom';
    }
    if (stream.match(/^[^\s[\]{},:#-][^[\]{},#]*/)) {
      return 'string';
    }
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: '#' } },
});

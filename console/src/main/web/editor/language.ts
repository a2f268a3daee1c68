import { foldService, StreamLanguage } from '@codemirror/language';

/** The colours of YAML, and of JSON, which is part of it, line by line. What it means is read by `asl`. */
const colours = StreamLanguage.define({
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

const indentation = (text: string) => text.length - text.trimStart().length;

/** What stands further in than a line, under it, can be folded away. */
const folds = foldService.of((state, start) => {
  const head = state.doc.lineAt(start);
  let end = head;
  for (let number = head.number + 1; number <= state.doc.lines; number++) {
    const line = state.doc.line(number);
    if (line.text.trim() !== '') {
      if (indentation(line.text) <= indentation(head.text)) {
        break;
      }
      end = line;
    }
  }
  return head.text.trim() === '' || end === head ? null : { from: head.to, to: end.to };
});

export const language = [colours, folds];

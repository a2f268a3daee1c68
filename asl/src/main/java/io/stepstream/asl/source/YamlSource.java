package io.stepstream.asl.source;

import static io.stepstream.asl.source.ProblemCode.INVALID_JSON_DESCRIPTION;
import static io.stepstream.asl.source.ProblemCode.MISSING_DESCRIPTION;
import static io.stepstream.asl.source.ProblemCode.TOO_DEEPLY_NESTED;

import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads the part of YAML that is JSON in another dress. Nothing is constructed from tags; words
 * like {@code yes} and timestamps stay text, or a definition would mean something else in YAML than
 * in JSON.
 */
final class YamlSource {

  private static final int MAX_ALIASES = 10;

  /** What aliases may unfold to; ten of them could multiply a megabyte by a thousand. */
  private static final int MAX_NODES = 500_000;

  private static final Pattern NULL = Pattern.compile("(~|null|Null|NULL)?");
  private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final Problems problems;
  private int nodes;

  private YamlSource(Problems problems) {
    this.problems = problems;
  }

  static @Nullable Node read(String text, Problems problems) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(SourceReader.MAX_DEPTH);
    options.setCodePointLimit(SourceReader.MAX_BYTES);
    options.setAllowRecursiveKeys(false);
    Composer composer =
        new Composer(
            new ParserImpl(new StreamReader(text), options), new JsonLikeResolver(), options);
    try {
      org.yaml.snakeyaml.nodes.Node root = composer.getSingleNode();
      if (root == null) {
        problems.errorWithoutLocation(
            MISSING_DESCRIPTION, Path.ROOT, Position.START, "The definition is empty");
        return null;
      }
      return new YamlSource(problems).convert(root, Path.ROOT, 0);
    } catch (Refused e) {
      problems.errorWithoutLocation(e.code, Path.ROOT, position(e.mark), e.getMessage());
      return null;
    } catch (MarkedYAMLException e) {
      String message = e.getContext() == null ? "" : e.getContext() + ": ";
      problems.errorWithoutLocation(
          INVALID_JSON_DESCRIPTION,
          Path.ROOT,
          position(e.getProblemMark()),
          message + e.getProblem());
      return null;
    } catch (YAMLException e) {
      problems.errorWithoutLocation(
          INVALID_JSON_DESCRIPTION, Path.ROOT, Position.START, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private Node convert(org.yaml.snakeyaml.nodes.Node node, Path path, int depth) {
    Mark mark = node.getStartMark();
    if (depth > SourceReader.MAX_DEPTH) {
      throw new Refused(
          TOO_DEEPLY_NESTED,
          mark,
          "The definition is nested deeper than " + SourceReader.MAX_DEPTH + " levels");
    }
    if (++nodes > MAX_NODES) {
      throw new Refused(
          INVALID_JSON_DESCRIPTION,
          mark,
          "The definition has more than " + MAX_NODES + " values once its aliases are unfolded");
    }
    return switch (node) {
      case MappingNode mapping -> struct(mapping, path, depth);
      case SequenceNode sequence -> array(sequence, path, depth);
      case ScalarNode scalar -> new Node.Scalar(path, position(mark), scalar(scalar));
      default ->
          throw new Refused(INVALID_JSON_DESCRIPTION, mark, "This kind of value is not supported");
    };
  }

  private Node.Struct struct(MappingNode mapping, Path path, int depth) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Mark nameMark = tuple.getKeyNode().getStartMark();
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new Refused(INVALID_JSON_DESCRIPTION, nameMark, "A field's name must be text");
      }
      String name = key.getValue();
      Path field = path.field(name);
      Position nameAt = position(nameMark);
      Node.Member member = new Node.Member(nameAt, convert(tuple.getValueNode(), field, depth + 1));
      if (members.putIfAbsent(name, member) != null) {
        problems.errorAtName(
            INVALID_JSON_DESCRIPTION, field, nameAt, "Duplicate field '" + name + "'");
      }
    }
    return new Node.Struct(path, position(mapping.getStartMark()), members);
  }

  private Node.Array array(SequenceNode sequence, Path path, int depth) {
    List<Node> items = new ArrayList<>(sequence.getValue().size());
    for (org.yaml.snakeyaml.nodes.Node item : sequence.getValue()) {
      items.add(convert(item, path.element(items.size()), depth + 1));
    }
    return new Node.Array(path, position(sequence.getStartMark()), items);
  }

  /** Explicit tags are taken at their word only where the text agrees with them. */
  private static Object scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.STR)) {
      return text;
    }
    if (tag.equals(Tag.NULL) && NULL.matcher(text).matches()) {
      return Json.NULL;
    }
    if (tag.equals(Tag.BOOL) && BOOL.matcher(text).matches()) {
      return Boolean.valueOf(text);
    }
    if ((tag.equals(Tag.FLOAT) || tag.equals(Tag.INT)) && NUMBER.matcher(text).matches()) {
      Number number = Numbers.parse(text);
      if (number == null) {
        throw new Refused(INVALID_JSON_DESCRIPTION, scalar.getStartMark(), "Number out of range");
      }
      return number;
    }
    throw new Refused(
        INVALID_JSON_DESCRIPTION,
        scalar.getStartMark(),
        "The tag '" + tag.getValue() + "' is not supported for '" + text + "'");
  }

  private static Position position(@Nullable Mark mark) {
    return mark == null ? Position.START : new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the walk over a tree that can't be taken; never leaves this class. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient Mark mark;

    Refused(ProblemCode code, Mark mark, String message) {
      super(message, null, false, false);
      this.code = code;
      this.mark = mark;
    }
  }

  /** Plain words are what JSON would read, anything else is text. */
  private static final class JsonLikeResolver extends Resolver {

    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, BOOL, "tTfF");
      addImplicitResolver(Tag.FLOAT, NUMBER, "-0123456789");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
    }
  }
}

package io.stepstream.asl.parse;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Path;
import io.stepstream.asl.source.Position;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.source.SourceReader;
import io.stepstream.asl.validate.MachineRules;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.asl.validate.Wording;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one state to test it by itself: the text is the state's own, or that of a machine which has
 * it at any depth. Either way the state gets the name {@value #NAME}, as AWS calls every state
 * under test.
 */
public final class StateReader {

  public static final String NAME = "StateName";

  private static final Path PLACE = Path.ROOT.field("States").field(NAME);

  /** What reading gave. */
  public sealed interface Result {
    record Found(State state) implements Result {}

    record Rejected(DefinitionResult.Rejected definition) implements Result {}

    /** The machine is valid and has no state of that name. */
    record Unknown() implements Result {}
  }

  private StateReader() {}

  /**
   * @param json at most 1,048,576 bytes in UTF-8
   * @param name of the state in the machine; null: the text is the state itself
   */
  public static Result read(String json, @Nullable String name) {
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    return name == null ? alone(utf8) : ofMachine(utf8, name);
  }

  private static Result alone(byte[] utf8) {
    Problems problems = new Problems();
    Node root = SourceReader.read(utf8, Format.JSON, problems);
    State state = null;
    if (root instanceof Node.Struct struct) {
      Node.Struct placed = (Node.Struct) struct.moved(PLACE);
      state = parse(placed, QueryLanguage.JSON_PATH, problems);
      MachineRules.checkState(machineOf(placed), problems);
    } else if (root != null) {
      problems.schema(root.moved(PLACE), Wording.expected("Object"));
    }
    if (problems.hasErrors()) {
      return new Result.Rejected(new DefinitionResult.Rejected(problems.all()));
    }
    return found(state);
  }

  private static Result ofMachine(byte[] utf8, String name) {
    DefinitionResult machine = DefinitionReader.read(utf8, Format.JSON, MachineType.STANDARD);
    if (machine instanceof DefinitionResult.Rejected rejected) {
      return new Result.Rejected(rejected);
    }
    Node root = SourceReader.read(utf8, Format.JSON, new Problems());
    Node.Struct node = root instanceof Node.Struct struct ? find(struct, name) : null;
    if (node == null) {
      return new Result.Unknown();
    }
    QueryLanguage language = ((DefinitionResult.Parsed) machine).machine().queryLanguage();
    return found(parse((Node.Struct) node.moved(PLACE), language, new Problems()));
  }

  private static Result found(@Nullable State state) {
    if (state == null) {
      throw new IllegalStateException("a part of the state is missing without an error");
    }
    return new Result.Found(state);
  }

  private static @Nullable State parse(
      Node.Struct state, QueryLanguage machineLanguage, Problems problems) {
    return new StateParser(machineLanguage, new FlowParser(machineLanguage, problems), problems)
        .parse(NAME, state);
  }

  /** The state of that name; null: none. Names are unique in a machine that is valid. */
  private static Node.@Nullable Struct find(Node node, String name) {
    switch (node) {
      case Node.Struct struct -> {
        if (struct.get("States") instanceof Node.Struct states
            && states.get(name) instanceof Node.Struct state) {
          return state;
        }
        for (Node.Member member : struct.members().values()) {
          Node.Struct found = find(member.value(), name);
          if (found != null) {
            return found;
          }
        }
      }
      case Node.Array array -> {
        for (Node item : array.items()) {
          Node.Struct found = find(item, name);
          if (found != null) {
            return found;
          }
        }
      }
      case Node.Scalar _ -> {}
    }
    return null;
  }

  private static Node.Struct machineOf(Node.Struct state) {
    Map<String, Node.Member> states = new LinkedHashMap<>();
    states.put(NAME, new Node.Member(Position.START, state));
    Map<String, Node.Member> machine = new LinkedHashMap<>();
    machine.put(
        "States",
        new Node.Member(
            Position.START, new Node.Struct(Path.ROOT.field("States"), Position.START, states)));
    return new Node.Struct(Path.ROOT, Position.START, machine);
  }
}
